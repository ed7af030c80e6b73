"""Queueing's addresses under `/api/v1/hospitals/{code}/`."""

from django.urls import path

from queueing import api

urlpatterns = [
    path("appointments/<uuid:appointment_id>/check-in", api.AppointmentCheckIn.as_view()),
    path("tickets/<uuid:ticket_id>", api.TicketDetail.as_view()),
]
