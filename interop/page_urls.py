"""Interop's pages, mounted at the root."""

from django.urls import path

from interop import pages

urlpatterns = [
    path("staff/<slug:code>/received/", pages.to_look_at, name="interop_received"),
    path("staff/<slug:code>/received/<uuid:received_id>/", pages.one, name="interop_message"),
    path(
        "staff/<slug:code>/received/<uuid:received_id>/body/",
        pages.body,
        name="interop_message_body",
    ),
]
