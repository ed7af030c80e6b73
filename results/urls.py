"""The API of results, under `/api/v1/hospitals/<code>/`."""

from django.urls import path

from results.api import ReportDetail, ReportList

urlpatterns = [
    path("reports", ReportList.as_view()),
    path("reports/<uuid:report_id>", ReportDetail.as_view()),
]
