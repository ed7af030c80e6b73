"""Addresses of the FHIR edge, below /fhir/."""

from django.urls import path

from interop.api import MedicationRequestItem, MedicationRequestList

urlpatterns = [
    path("<slug:code>/MedicationRequest", MedicationRequestList.as_view()),
    path(
        "<slug:code>/MedicationRequest/<uuid:received_id>",
        MedicationRequestItem.as_view(),
        name="fhir-medication-request",
    ),
]
