"""The doors, mounted at the root."""

from django.urls import path

from accounts.pages import enter, first_page, home, leave, sign_in

urlpatterns = [
    path("", first_page),
    path("m/enter", enter),
    path("staff/sign-in/", sign_in),
    path("staff/sign-out/", leave),
    path("staff/<slug:code>/", home),
]
