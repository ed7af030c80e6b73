"""The API of one's own access log, under `/api/v1/me/`."""

from django.urls import path

from visits.api import MyAccessLines

my_urlpatterns = [path("access-lines", MyAccessLines.as_view())]
