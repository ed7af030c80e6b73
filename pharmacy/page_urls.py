"""The pages of the pharmacy, mounted at the root."""

from django.urls import path

from pharmacy.pages import counter, counter_live, prescription, prescription_live
from pharmacy.phone_pages import prescriptions, prescriptions_live

urlpatterns = [
    path("staff/<slug:code>/pharmacy/", counter, name="pharmacy"),
    path("staff/<slug:code>/pharmacy/live/", counter_live, name="pharmacy_live"),
    path("staff/<slug:code>/pharmacy/<uuid:prescription_id>/", prescription, name="prescription"),
    path(
        "staff/<slug:code>/pharmacy/<uuid:prescription_id>/live/",
        prescription_live,
        name="prescription_live",
    ),
    path("m/<slug:code>/prescriptions/", prescriptions, name="prescriptions"),
    path("m/<slug:code>/prescriptions/live/", prescriptions_live, name="prescriptions_live"),
]
