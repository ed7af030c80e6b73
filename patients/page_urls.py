"""The phone's own pages, mounted at the root."""

from django.urls import path

from patients.pages import choose_hospital, me

urlpatterns = [
    path("m/", choose_hospital),
    path("m/<slug:code>/me/", me),
]
