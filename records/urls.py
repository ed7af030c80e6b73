"""Records' addresses under `/api/v1/hospitals/{code}/`."""

from django.urls import path

from records import api

urlpatterns = [
    path("visits", api.VisitList.as_view()),
    path("visits/<uuid:visit_id>/record", api.VisitRecord.as_view()),
    path("papers/<uuid:paper_id>", api.PaperFile.as_view()),
]
