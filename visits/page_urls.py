"""Pages about reading records, mounted at the root."""

from django.urls import path

from visits import access_pages, audit_pages, pages

urlpatterns = [
    path("staff/<slug:code>/records/find/", pages.find, name="visits_find"),
    path("staff/<slug:code>/patients/<uuid:patient_id>/", pages.record, name="visits_record"),
    path(
        "staff/<slug:code>/patients/<uuid:patient_id>/reason/",
        pages.reason,
        name="visits_reason",
    ),
    path("staff/<slug:code>/audit/", audit_pages.audit, name="visits_audit"),
    path("staff/<slug:code>/audit/lines/", audit_pages.lines, name="visits_audit_lines"),
    path("staff/<slug:code>/audit/allow/", audit_pages.allow, name="visits_audit_allow"),
    path("staff/<slug:code>/marks/", audit_pages.marks, name="visits_marks"),
    path("m/<slug:code>/me/access/", access_pages.who_read, name="visits_who_read"),
]
