"""Where every edge hangs."""

from django.urls import URLPattern, URLResolver, include, path

from clinic.urls import hospital_urlpatterns as hospitals
from common.pages import set_text_step
from config.health import healthz
from journey.urls import my_urlpatterns as my_day
from notifications.urls import my_urlpatterns as my_messages
from patients.urls import my_urlpatterns as my_patients
from visits.urls import my_urlpatterns as my_access

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.page_urls")),
    path("", include("notifications.page_urls")),
    path("", include("patients.page_urls")),
    path("", include("cards.page_urls")),
    path("api/v1/", include("accounts.urls")),
    path("api/v1/me/", include(my_day)),
    path("api/v1/me/", include(my_messages)),
    path("api/v1/me/", include(my_patients)),
    path("api/v1/me/", include(my_access)),
    path("api/v1/", include(hospitals)),
    path("api/v1/hospitals/<slug:code>/", include("clinic.urls")),
    path("api/v1/hospitals/<slug:code>/", include("patients.urls")),
    path("api/v1/hospitals/<slug:code>/", include("cards.urls")),
    path("healthz", healthz),
    path("text-step/", set_text_step),
    path("verify/", include("papers.urls")),
    path("fhir/", include("interop.urls")),
    path("", include("interop.page_urls")),
    path("", include("clinic.page_urls")),
    path("api/v1/hospitals/<slug:code>/", include("payments.urls")),
    path("api/v1/hospitals/<slug:code>/", include("booking.urls")),
    path("", include("booking.page_urls")),
    path("payments/", include("payments.notice_urls")),
    path("api/v1/hospitals/<slug:code>/", include("queueing.urls")),
    path("", include("queueing.page_urls")),
    path("api/v1/hospitals/<slug:code>/", include("inpatient.urls")),
    path("", include("inpatient.page_urls")),
    path("", include("payments.page_urls")),
    path("", include("journey.page_urls")),
    path("", include("records.page_urls")),
    path("api/v1/hospitals/<slug:code>/", include("records.urls")),
    path("api/v1/hospitals/<slug:code>/", include("results.urls")),
    path("", include("results.page_urls")),
    path("", include("pharmacy.page_urls")),
    path("", include("visits.page_urls")),
]
