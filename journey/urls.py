"""The journey's address under `/api/v1/me/`: it reads across hospitals."""

from django.urls import path

from journey.api import MyDay

my_urlpatterns = [path("day", MyDay.as_view())]
