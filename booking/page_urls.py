"""Booking's pages, mounted at the root."""

from django.urls import path

from booking import office_pages, pages

urlpatterns = [
    path("staff/<slug:code>/sessions/", office_pages.sessions, name="booking_sessions"),
    path("staff/<slug:code>/sessions/<uuid:session_id>/", office_pages.stop, name="booking_stop"),
    path("m/<slug:code>/book/", pages.departments, name="booking_departments"),
    path("m/<slug:code>/book/<uuid:department_id>/", pages.day, name="booking_day"),
    path("m/<slug:code>/slots/<uuid:slot_id>/", pages.slot, name="booking_slot"),
    path(
        "m/<slug:code>/appointments/<uuid:appointment_id>/",
        pages.appointment,
        name="booking_appointment",
    ),
]
