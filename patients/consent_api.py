"""What an account agreed to, purpose by purpose."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.http import command
from common.serializers import Input, Output, WholeNumberField
from hospitals.views import HospitalView
from patients.actions.consent import give_consent, withdraw_consent
from patients.consents import standings_of
from patients.models import Consent, ConsentText
from patients.permissions import ByPatient


class GiveConsentInput(Input):
    """The version whose words were shown."""

    version = WholeNumberField(min_value=1)


class ConsentTextOutput(Output):
    """The newest words for a purpose, and whether they were agreed to."""

    is_given = serializers.SerializerMethodField()

    class Meta:
        model = ConsentText
        fields: ClassVar[list[str]] = ["purpose", "version", "body", "what_stops", "is_given"]

    def get_is_given(self, text: ConsentText) -> bool:
        """By this account."""
        return text.pk in self.context.get("given", ())


class ConsentOutput(Output):
    """What was agreed to, and when it was taken back."""

    related = ("text",)
    version = serializers.IntegerField(source="text.version")

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = ["id", "purpose", "version", "given_at", "withdrawn_at"]


class ConsentList(HospitalView):
    """Every purpose that the hospital has words for."""

    permission = ByPatient()

    @extend_schema(responses=ConsentTextOutput(many=True))
    def get(self, request: Request, *, code: str) -> Response:
        """The newest words of each."""
        rows = standings_of(account_of(request).pk, self.hospital)
        given = {row.text.pk for row in rows if row.is_given}
        texts = [row.text for row in rows]
        return Response(
            {"results": ConsentTextOutput(texts, many=True, context={"given": given}).data}
        )


class ConsentGive(HospitalView):
    """One purpose."""

    permission = ByPatient()

    @extend_schema(request=GiveConsentInput, responses={201: ConsentOutput})
    def post(self, request: Request, *, code: str, purpose: str) -> Response:
        """Agree to the newest words."""
        form = GiveConsentInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            give_consent,
            ConsentOutput,
            account=account_of(request),
            hospital=self.hospital,
            purpose=purpose,
            **form.validated_data,
        )


class ConsentWithdraw(HospitalView):
    """One purpose."""

    permission = ByPatient()

    @extend_schema(request=None, responses=ConsentOutput)
    def post(self, request: Request, *, code: str, purpose: str) -> Response:
        """Take it back; what rested on it stops."""
        return command(
            request,
            withdraw_consent,
            ConsentOutput,
            status=200,
            account=account_of(request),
            hospital=self.hospital,
            purpose=purpose,
        )
