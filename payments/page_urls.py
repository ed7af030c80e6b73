"""Addresses of the pages."""

from django.urls import path

from payments.pages import due, paid, pay

urlpatterns = [
    path("m/<slug:code>/due/", due, name="payments_due"),
    path("m/<slug:code>/pay/<uuid:payment_id>/", pay, name="payments_pay"),
    path("m/<slug:code>/paid/<uuid:payment_id>/", paid, name="payments_paid"),
]
