"""The API of stays, under `/api/v1/hospitals/<code>/`."""

from django.urls import path

from inpatient.api import StayDays, StayDetail, StayList

urlpatterns = [
    path("stays", StayList.as_view()),
    path("stays/<uuid:stay_id>", StayDetail.as_view()),
    path("stays/<uuid:stay_id>/days", StayDays.as_view()),
]
