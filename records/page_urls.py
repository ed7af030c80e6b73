"""Records' pages, mounted at the root."""

from django.urls import path

from records import counter, pages

urlpatterns = [
    path("m/<slug:code>/visits/", pages.visits, name="records_visits"),
    path("m/<slug:code>/visits/<uuid:visit_id>/", pages.visit, name="records_visit"),
    path("m/<slug:code>/papers/<uuid:paper_id>.pdf", pages.paper, name="records_paper"),
    path("staff/<slug:code>/records/", counter.counter, name="records_counter"),
    path(
        "staff/<slug:code>/records/<uuid:request_id>/", counter.request_page, name="records_request"
    ),
    path(
        "staff/<slug:code>/records/<uuid:request_id>/<uuid:paper_id>.pdf",
        counter.paper,
        name="records_request_paper",
    ),
]
