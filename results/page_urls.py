"""The pages of results, mounted at the root."""

from django.urls import path

from results.pages import patient_reports, report, report_live, reports, reports_live

urlpatterns = [
    path("m/<slug:code>/reports/", reports, name="reports"),
    path("m/<slug:code>/reports/live/", reports_live, name="reports_live"),
    path("m/<slug:code>/reports/<uuid:report_id>/", report, name="report"),
    path("m/<slug:code>/reports/<uuid:report_id>/live/", report_live, name="report_live"),
    path(
        "staff/<slug:code>/patients/<uuid:patient_id>/reports/",
        patient_reports,
        name="patient_reports",
    ),
]
