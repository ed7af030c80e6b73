"""The API of patients: under `/api/v1/hospitals/<code>/`, and one's own under `/api/v1/me/`."""

from django.urls import path

from patients.api import MyPatients, PatientDetail, PatientList

urlpatterns = [
    path("patients", PatientList.as_view()),
    path("patients/<uuid:patient_id>", PatientDetail.as_view()),
]
my_urlpatterns = [path("patients", MyPatients.as_view())]
