"""Visits and their records over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.http import command
from common.pagination import NewestFirst
from hospitals.views import HospitalView
from patients.access import show_to_family
from patients.consents import refuse_without_consent
from patients.models import ConsentPurpose
from patients.permissions import ByPatient
from records.actions import issue_record
from records.files import pdf_file
from records.preparing import with_prepared
from records.reading import SCOPE, record_for, visit_for, visits_for
from records.serializers import EmptyInput, PaperOutput, VisitOutput


class PDFRenderer(JSONRenderer):
    """Lets who asks for a PDF alone through; a refusal is still a problem in JSON."""

    media_type = "application/pdf"
    format = "pdf"


class VisitList(HospitalView):
    """The visits in this hospital."""

    permission = ByPatient(SCOPE)

    @extend_schema(responses=VisitOutput(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """The newest first, of everybody whose records the account may read."""
        account = account_of(request)
        refuse_without_consent(account, self.hospital, purpose=ConsentPurpose.RESULTS)
        pages = NewestFirst()
        rows = pages.paginate_queryset(visits_for(account.pk, self.hospital), request, view=self)
        shown = list(rows or [])
        show_to_family(
            account_id=account.pk, patients=[visit.patient for visit in shown], shown="visits"
        )
        return pages.get_paginated_response(VisitOutput(shown, many=True).data)


class VisitRecord(HospitalView):
    """The record of one visit."""

    permission = ByPatient(SCOPE)

    @extend_schema(request=EmptyInput, responses={201: PaperOutput})
    def post(self, request: Request, visit_id: UUID, **_: Any) -> Response:
        """Issue it as a sealed PDF; while nothing new happened it stays the same paper."""
        EmptyInput(data=request.data).is_valid(raise_exception=True)
        account = account_of(request)
        refuse_without_consent(account, self.hospital, purpose=ConsentPurpose.RESULTS)
        visit = visit_for(account.pk, self.hospital, visit_id=visit_id)
        return with_prepared(
            visit,
            lambda prepared: command(
                request, issue_record, PaperOutput, prepared=prepared, account=account
            ),
        )


class PaperFile(HospitalView):
    """An issued record as a file."""

    permission = ByPatient(SCOPE)
    renderer_classes = (JSONRenderer, PDFRenderer)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, paper_id: UUID, **_: Any) -> HttpResponseBase:
        """The sealed PDF, as it was issued."""
        account = account_of(request)
        refuse_without_consent(account, self.hospital, purpose=ConsentPurpose.RESULTS)
        record = record_for(account.pk, self.hospital, paper_id=paper_id)
        show_to_family(account_id=account.pk, patients=[record.visit.patient], shown="visit record")
        return pdf_file(record.paper)
