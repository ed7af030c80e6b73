"""Who may act for whom: asking, confirming, ending."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.use_code import count_try
from accounts.models import OneTimeCode, Role
from accounts.permissions import ByStaff
from accounts.rules import account_of, staff_of
from accounts.throttles import REGISTRATION
from common.http import command
from hospitals.views import HospitalView
from patients.access import patient_for
from patients.actions.ask_to_act import ask_for_more, ask_to_act
from patients.actions.confirm import (
    ask_grant_code,
    confirm_at_desk,
    confirm_by_code,
    confirm_on_phone,
    turn_down,
)
from patients.actions.revoke import revoke_grant
from patients.family import family_of
from patients.identity import Identity
from patients.permissions import ByPatient
from patients.proxy_serializers import (
    AskForMoreInput,
    AskToActInput,
    ConfirmInput,
    DeskInput,
    GrantCodeInput,
    GrantCodeOutput,
    GrantOutput,
    GrantRequestOutput,
)

AT_DESK = (Role.BOOKING_OFFICE, Role.RECORDS_OFFICE)
ASKED = ("scopes", "until_on", "relation")


class GrantList(HospitalView):
    """Who acts for the account's people, and for whom the account acts."""

    permission = ByPatient()

    @extend_schema(responses=GrantOutput(many=True))
    def get(self, request: Request, *, code: str) -> Response:
        """All that counts now; at most a family."""
        family = family_of(account_of(request).pk, self.hospital)
        shown = GrantOutput(family.grants, many=True, context={"names": family.names})
        return Response({"results": shown.data})


class GrantEnd(HospitalView):
    """One grant."""

    permission = ByPatient()

    @extend_schema(request=None, responses=GrantOutput)
    def post(self, request: Request, *, code: str, grant_id: UUID) -> Response:
        """It allows nothing any more, also in open sockets."""
        return command(
            request,
            revoke_grant,
            GrantOutput,
            status=200,
            account=account_of(request),
            hospital=self.hospital,
            grant_id=grant_id,
        )


class GrantRequestList(HospitalView):
    """Requests that the account made, or may answer."""

    permission = ByPatient()

    @extend_schema(responses=GrantRequestOutput(many=True))
    def get(self, request: Request, *, code: str) -> Response:
        """Those that are open."""
        family = family_of(account_of(request).pk, self.hospital)
        shown = GrantRequestOutput(family.requests, many=True, context={"names": family.names})
        return Response({"results": shown.data})


class GrantRequestNew(HospitalView):
    """A person whom the hospital knows."""

    permission = ByPatient()
    throttle_classes = REGISTRATION

    @extend_schema(request=AskToActInput, responses={201: GrantRequestOutput})
    def post(self, request: Request, *, code: str) -> Response:
        """Ask to act for them; they confirm."""
        form = AskToActInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        asked = {name: said.pop(name) for name in ASKED}
        return command(
            request,
            ask_to_act,
            GrantRequestOutput,
            account=account_of(request),
            hospital=self.hospital,
            identity=Identity(**said),
            **asked,
        )


class PatientGrantRequests(HospitalView):
    """A patient for whom the account acts already."""

    permission = ByPatient()

    @extend_schema(request=AskForMoreInput, responses={201: GrantRequestOutput})
    def post(self, request: Request, *, code: str, patient_id: UUID) -> Response:
        """Ask to do more for them; they confirm."""
        form = AskForMoreInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            ask_for_more,
            GrantRequestOutput,
            account=account_of(request),
            patient=patient_for(request, patient_id, hospital=self.hospital),
            **form.validated_data,
        )


class GrantRequestCode(HospitalView):
    """The phone that the hospital has for the person."""

    permission = ByPatient()

    @extend_schema(request=None, responses={201: GrantCodeOutput})
    def post(self, request: Request, *, code: str, request_id: UUID) -> Response:
        """Send a code to it."""
        return command(
            request,
            ask_grant_code,
            GrantCodeOutput,
            account=account_of(request),
            hospital=self.hospital,
            request_id=request_id,
        )


class GrantRequestByCode(HospitalView):
    """The code that the person told."""

    permission = ByPatient()

    @extend_schema(request=GrantCodeInput, responses={201: GrantOutput})
    def post(self, request: Request, *, code: str, request_id: UUID) -> Response:
        """What was asked is granted. Each try counts, also one that is refused."""
        form = GrantCodeInput(data=request.data)
        form.is_valid(raise_exception=True)
        tried = count_try(
            use=OneTimeCode.Use.GRANT, subject_id=request_id, said=form.validated_data["code"]
        )
        return command(
            request,
            confirm_by_code,
            GrantOutput,
            account=account_of(request),
            hospital=self.hospital,
            request_id=request_id,
            tried=tried,
        )


class GrantRequestConfirm(HospitalView):
    """The person's own phone."""

    permission = ByPatient()

    @extend_schema(request=ConfirmInput, responses={201: GrantOutput})
    def post(self, request: Request, *, code: str, request_id: UUID) -> Response:
        """Yes, to all of it or to less."""
        form = ConfirmInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            confirm_on_phone,
            GrantOutput,
            account=account_of(request),
            hospital=self.hospital,
            request_id=request_id,
            **form.validated_data,
        )


class GrantRequestTurnDown(HospitalView):
    """A request that comes to nothing."""

    permission = ByPatient()

    @extend_schema(request=None, responses=GrantRequestOutput)
    def post(self, request: Request, *, code: str, request_id: UUID) -> Response:
        """No, by the person; or taken back by who asked."""
        return command(
            request,
            turn_down,
            GrantRequestOutput,
            status=200,
            account=account_of(request),
            hospital=self.hospital,
            request_id=request_id,
        )


class GrantRequestAtDesk(HospitalView):
    """The desk, with the person and their document before it."""

    permission = ByStaff(*AT_DESK)

    @extend_schema(request=DeskInput, responses={201: GrantOutput})
    def post(self, request: Request, *, code: str, request_id: UUID) -> Response:
        """What was asked is granted."""
        form = DeskInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            confirm_at_desk,
            GrantOutput,
            staff=staff_of(request),
            request_id=request_id,
            **form.validated_data,
        )
