"""The doors, mounted at the root."""

from django.urls import path

from accounts import device_desk, device_pages, provider_pages
from accounts.login_pages import staff_logins
from accounts.own_pages import bind, password, second_factor
from accounts.pages import enter, first_page, home, leave, sign_in
from accounts.push_api import wechat_push

DEVICE = "staff/<slug:code>/devices/<uuid:device_id>/"

urlpatterns = [
    path("", first_page),
    path("m/enter", enter),
    path("staff/sign-in/", sign_in),
    path("staff/sign-out/", leave),
    path("staff/sign-in/with/<slug:code>/", provider_pages.begin),
    path("staff/sign-in/with/<slug:code>/back/", provider_pages.back),
    path("staff/enrol/", device_pages.enrol),
    path("staff/badge/", device_pages.badge),
    path("staff/hand-over/", device_pages.hand_over),
    path("staff/device-challenge/", device_pages.challenge),
    path("staff/password/", password),
    path("staff/second-factor/", second_factor),
    path("staff/second-factor/bind/", bind),
    path("staff/<slug:code>/", home),
    path("staff/<slug:code>/my-sign-ins/", staff_logins),
    path("staff/<slug:code>/devices/", device_desk.devices, name="accounts_devices"),
    path(DEVICE, device_desk.device, name="accounts_device"),
    path("staff/<slug:code>/badges/", device_desk.badges, name="accounts_badges"),
    path("staff/<slug:code>/pin/", device_desk.pin, name="accounts_pin"),
    path("wechat/<slug:app_id>/", wechat_push),
]
