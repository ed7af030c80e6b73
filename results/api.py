"""Reports over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.pagination import NewestFirst
from hospitals.views import HospitalView
from patients.consents import refuse_without_consent
from patients.models import ConsentPurpose, Scope
from patients.permissions import ByPatient
from results.reading import Shown, reader_of
from results.serializers import ReportDetailOutput, ReportOutput


class ReportList(HospitalView):
    """The reports of everybody whose reports the account may read."""

    permission = ByPatient(Scope.REPORTS)

    @extend_schema(responses=ReportOutput(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """The newest first, without what they say."""
        refuse_without_consent(account_of(request), self.hospital, purpose=ConsentPurpose.RESULTS)
        reader = reader_of(account_of(request), self.hospital)
        pages = NewestFirst()
        rows = pages.paginate_queryset(reader.reports(), request, view=self) or []
        reader.leave_lines(row.patient for row in rows)
        return pages.get_paginated_response(ReportOutput(rows, many=True).data)


class ReportDetail(HospitalView):
    """One report."""

    permission = ByPatient(Scope.REPORTS)

    @extend_schema(responses=ReportDetailOutput)
    def get(self, request: Request, *, code: str, report_id: UUID) -> Response:
        """What its newest version says."""
        refuse_without_consent(account_of(request), self.hospital, purpose=ConsentPurpose.RESULTS)
        reader = reader_of(account_of(request), self.hospital)
        version = reader.version(report_id)
        reader.leave_lines([version.report.patient])
        return Response(ReportDetailOutput(Shown(report=version.report, version=version)).data)
