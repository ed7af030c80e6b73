"""The doors, mounted at the root."""

from django.urls import path

from accounts.login_pages import staff_logins
from accounts.own_pages import bind, password, second_factor
from accounts.pages import enter, first_page, home, leave, sign_in

urlpatterns = [
    path("", first_page),
    path("m/enter", enter),
    path("staff/sign-in/", sign_in),
    path("staff/sign-out/", leave),
    path("staff/password/", password),
    path("staff/second-factor/", second_factor),
    path("staff/second-factor/bind/", bind),
    path("staff/<slug:code>/", home),
    path("staff/<slug:code>/my-sign-ins/", staff_logins),
]
