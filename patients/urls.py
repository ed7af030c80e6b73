"""The API of patients: under `/api/v1/hospitals/<code>/`, and one's own under `/api/v1/me/`."""

from django.urls import path

from patients.api import MyPatients, PatientDetail, PatientList
from patients.closing_api import Closing, ClosingUndo
from patients.consent_api import ConsentGive, ConsentList, ConsentWithdraw
from patients.proxy_api import (
    GrantEnd,
    GrantList,
    GrantRequestAtDesk,
    GrantRequestByCode,
    GrantRequestCode,
    GrantRequestConfirm,
    GrantRequestList,
    GrantRequestNew,
    GrantRequestTurnDown,
    PatientGrantRequests,
)

urlpatterns = [
    path("patients", PatientList.as_view()),
    path("patients/<uuid:patient_id>", PatientDetail.as_view()),
    path("patients/<uuid:patient_id>/grant-requests", PatientGrantRequests.as_view()),
    path("grants", GrantList.as_view()),
    path("consents", ConsentList.as_view()),
    path("consents/<slug:purpose>/give", ConsentGive.as_view()),
    path("consents/<slug:purpose>/withdraw", ConsentWithdraw.as_view()),
    path("grants/<uuid:grant_id>/end", GrantEnd.as_view()),
    path("grant-requests", GrantRequestList.as_view()),
    path("grant-requests/new", GrantRequestNew.as_view()),
    path("grant-requests/<uuid:request_id>/code", GrantRequestCode.as_view()),
    path("grant-requests/<uuid:request_id>/confirm-by-code", GrantRequestByCode.as_view()),
    path("grant-requests/<uuid:request_id>/confirm", GrantRequestConfirm.as_view()),
    path("grant-requests/<uuid:request_id>/turn-down", GrantRequestTurnDown.as_view()),
    path("grant-requests/<uuid:request_id>/confirm-at-desk", GrantRequestAtDesk.as_view()),
]
my_urlpatterns = [
    path("patients", MyPatients.as_view()),
    path("closing", Closing.as_view()),
    path("closing/undo", ClosingUndo.as_view()),
]
