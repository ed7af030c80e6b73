"""Registering with a hospital, and one's own people across hospitals."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from accounts.throttles import REGISTRATION
from common import clock
from common.http import command
from common.pagination import NewestFirst
from common.views import View
from hospitals.views import HospitalView
from patients.access import patient_for, show_to_family
from patients.actions.register import register_patient
from patients.identity import Identity
from patients.models import Grant
from patients.permissions import ByPatient
from patients.serializers import MyPatientOutput, PatientOutput, RegisterInput


class MyPatients(View):
    """Everybody the account acts for, in every hospital."""

    permission = ByPatient()
    pagination_class = NewestFirst

    @extend_schema(responses=MyPatientOutput(many=True))
    def get(self, request: Request) -> Response:
        """The newest first."""
        own = Grant.objects.valid(clock.now()).of_account(account_of(request).pk)
        paginator = self.pagination_class()
        rows = own.select_related(*MyPatientOutput.related)
        shown = paginator.paginate_queryset(rows, request, view=self)
        show_to_family(
            account_id=account_of(request).pk,
            patients=[grant.patient for grant in shown or ()],
            shown="person",
            is_daily=True,
        )
        return paginator.get_paginated_response(MyPatientOutput(shown, many=True).data)


class PatientList(HospitalView):
    """The hospital's patients."""

    permission = ByPatient()
    throttle_classes = REGISTRATION

    @extend_schema(request=RegisterInput, responses={201: PatientOutput})
    def post(self, request: Request, *, code: str) -> Response:
        """Register oneself or one of the family."""
        form = RegisterInput(data=request.data)
        form.is_valid(raise_exception=True)
        relation = form.validated_data.pop("relation")
        return command(
            request,
            register_patient,
            PatientOutput,
            account=account_of(request),
            hospital=self.hospital,
            identity=Identity(**form.validated_data),
            relation=relation,
        )


class PatientDetail(HospitalView):
    """One patient whom the account acts for."""

    permission = ByPatient()

    @extend_schema(responses=PatientOutput)
    def get(self, request: Request, *, code: str, patient_id: UUID) -> Response:
        """Who they are to this hospital."""
        patient = patient_for(request, patient_id, hospital=self.hospital)
        return Response(PatientOutput(patient).data)
