"""The journey's pages, mounted at the root."""

from django.urls import path

from journey import pages

urlpatterns = [
    path("m/<slug:code>/", pages.home, name="journey_home"),
    path("m/<slug:code>/day/", pages.day, name="journey_day"),
]
