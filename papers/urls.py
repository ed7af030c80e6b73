"""Where papers are asked about: under `/verify/`, the same for every hospital."""

from django.urls import path

from papers import pages

app_name = "papers"

urlpatterns = [
    path("", pages.ask, name="ask"),
    path("file/", pages.compare, name="compare"),
    path("<str:code>/", pages.verdict, name="verdict"),
]
