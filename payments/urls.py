"""Addresses of the API, under a hospital."""

from django.urls import path

from payments.api import ChargeList, PaymentCheck, PaymentList, PaymentOne

urlpatterns = [
    path("charges", ChargeList.as_view()),
    path("payments", PaymentList.as_view()),
    path("payments/<uuid:payment_id>", PaymentOne.as_view()),
    path("payments/<uuid:payment_id>/check", PaymentCheck.as_view()),
]
