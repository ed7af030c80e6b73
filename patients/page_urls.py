"""The phone's own pages, mounted at the root."""

from django.urls import path

from patients.counter_pages import identity
from patients.login_pages import logins
from patients.pages import choose_hospital, me
from patients.proxy_pages import desk, family

urlpatterns = [
    path("m/", choose_hospital),
    path("m/<slug:code>/me/", me),
    path("staff/<slug:code>/identity/", identity, name="patients_identity"),
    path("m/<slug:code>/me/devices/", logins),
    path("m/<slug:code>/me/family/", family),
    path("staff/<slug:code>/proxies/", desk),
]
