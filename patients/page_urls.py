"""The phone's own pages, mounted at the root."""

from django.urls import path

from patients.closing_pages import data
from patients.consent_pages import consents
from patients.counter_pages import identity
from patients.death_pages import death, find
from patients.login_pages import logins
from patients.merge_pages import review_page, reviews
from patients.pages import choose_hospital, me
from patients.proxy_pages import desk, family

urlpatterns = [
    path("m/", choose_hospital),
    path("m/<slug:code>/me/", me),
    path("staff/<slug:code>/merge-reviews/", reviews, name="patients_merge_reviews"),
    path(
        "staff/<slug:code>/merge-reviews/<uuid:review_id>/",
        review_page,
        name="patients_merge_review",
    ),
    path("staff/<slug:code>/deaths/", find, name="patients_deaths"),
    path("staff/<slug:code>/deaths/<uuid:patient_id>/", death, name="patients_death"),
    path("staff/<slug:code>/identity/", identity, name="patients_identity"),
    path("m/<slug:code>/me/devices/", logins),
    path("m/<slug:code>/me/family/", family),
    path("m/<slug:code>/me/consents/", consents),
    path("m/<slug:code>/me/data/", data),
    path("staff/<slug:code>/proxies/", desk),
]
