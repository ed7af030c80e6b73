"""The directory's addresses: under `/api/v1/hospitals/<code>/`, and the hospitals themselves."""

from django.urls import path

from clinic import api

hospital_urlpatterns = [
    path("hospitals", api.HospitalList.as_view()),
    path("hospitals/<slug:code>", api.HospitalDetail.as_view()),
]
urlpatterns = [
    path("departments", api.DepartmentList.as_view()),
    path("departments/<uuid:department_id>", api.DepartmentDetail.as_view()),
    path("doctors", api.DoctorList.as_view()),
]
