"""Stays over HTTP, for patients and families."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.locking import RowQuerySet
from common.pagination import NewestFirst
from hospitals.views import HospitalView
from inpatient.care import leave_lines
from inpatient.errors import AdmissionUnknown
from inpatient.models import Admission
from inpatient.serializers import DayOutput, StayOutput
from patients.access import patients_of
from patients.models import Scope
from patients.permissions import ByPatient


class StayView(HospitalView):
    """What the stays' views share."""

    permission = ByPatient(Scope.INPATIENT)

    def own(self, request: Request) -> RowQuerySet[Any]:
        """The stays that this account may read."""
        patients = patients_of(account_of(request).pk, self.hospital, scope=Scope.INPATIENT)
        return StayOutput.rows().filter(hospital=self.hospital, patient__in=patients)

    def one(self, request: Request, stay_id: UUID) -> Admission:
        """One of them, with a line where the family reads. Raises AdmissionUnknown."""
        stay: Admission | None = (
            self.own(request).select_related("patient").filter(pk=stay_id).first()
        )
        if stay is None:
            raise AdmissionUnknown(admission_id=stay_id)
        leave_lines(account_of(request), [stay.patient])
        return stay


class StayList(StayView):
    """Stays."""

    @extend_schema(responses=StayOutput(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Of everybody for whom the account may read them, newest first."""
        pages = NewestFirst()
        rows = pages.paginate_queryset(
            self.own(request).select_related("patient"), request, view=self
        )
        leave_lines(account_of(request), [stay.patient for stay in rows or []])
        return pages.get_paginated_response(StayOutput(rows, many=True).data)


class StayDetail(StayView):
    """One stay."""

    @extend_schema(responses=StayOutput)
    def get(self, request: Request, stay_id: UUID, **_: Any) -> Response:
        """As it stands now."""
        return Response(StayOutput(self.one(request, stay_id)).data)


class StayDays(StayView):
    """The daily lists of a stay."""

    @extend_schema(responses=DayOutput(many=True))
    def get(self, request: Request, stay_id: UUID, **_: Any) -> Response:
        """The newest first."""
        stay = self.one(request, stay_id)
        pages = NewestFirst()
        rows = DayOutput.rows().filter(hospital=self.hospital, admission=stay)
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(DayOutput(shown, many=True).data)
