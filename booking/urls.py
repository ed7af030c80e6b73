"""Booking's addresses under `/api/v1/hospitals/{code}/`."""

from django.urls import path

from booking import api

urlpatterns = [
    path("departments/<uuid:department_id>/availability", api.DepartmentDay.as_view()),
    path("appointments", api.AppointmentList.as_view()),
    path("appointments/<uuid:appointment_id>", api.AppointmentDetail.as_view()),
    path("appointments/<uuid:appointment_id>/cancel", api.AppointmentCancel.as_view()),
]
