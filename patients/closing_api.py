"""Closing one's own account: `/api/v1/me/closing`."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import ByAccount
from accounts.rules import account_of
from accounts.serializers import NothingInput
from common.http import command
from common.serializers import Input, Output, TextField
from common.views import View
from patients.actions.close_account import ask_to_close_account, undo_closing
from patients.leaving import kept_of, open_closing, own_patients, reasons_of
from patients.models import AccountClosing


class ClosingInput(Input):
    """The word 注销, typed by the person."""

    confirmation = TextField(max_length=10)


class ClosingOutput(Output):
    """A closing: until `due_at` it can be taken back."""

    class Meta:
        model = AccountClosing
        fields: ClassVar[list[str]] = ["id", "status", "asked_at", "due_at", "ended_at"]


class KeptOutput(serializers.Serializer[Any]):
    """What the law keeps of the account's own patient in one hospital."""

    hospital = serializers.CharField()
    title = serializers.CharField()
    rule = serializers.CharField()
    until = serializers.DateField()


class LeavingOutput(serializers.Serializer[Any]):
    """The closing that is under way, what stands in its way, and what would be kept."""

    closing = ClosingOutput(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    kept = KeptOutput(many=True)


class Closing(View):
    """One's own account."""

    permission = ByAccount()

    @extend_schema(responses=LeavingOutput)
    def get(self, request: Request) -> Response:
        """Whether it can be closed, and what the law keeps."""
        account = account_of(request)
        kept = [
            {"hospital": own.hospital.code, **vars(one)}
            for own in own_patients(account)
            for one in kept_of(own)
        ]
        closing, reasons = open_closing(account), reasons_of(account)
        told = {"closing": closing, "reasons": reasons, "kept": kept}
        return Response(LeavingOutput(told).data)

    @extend_schema(request=ClosingInput, responses={201: ClosingOutput})
    def post(self, request: Request) -> Response:
        """Close it in seven days."""
        form = ClosingInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            ask_to_close_account,
            ClosingOutput,
            account=account_of(request),
            **form.validated_data,
        )


class ClosingUndo(View):
    """The closing that is under way."""

    permission = ByAccount()

    @extend_schema(request=NothingInput, responses=ClosingOutput)
    def post(self, request: Request) -> Response:
        """Take it back."""
        NothingInput(data=request.data).is_valid(raise_exception=True)
        return command(
            request, undo_closing, ClosingOutput, status=200, account=account_of(request)
        )
