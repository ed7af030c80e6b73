"""What the edge of grants and requests reads and shows."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import OneTimeCode
from common.serializers import Input, Output, TextField
from common.templatetags.kit import masked_name
from patients.models import Grant, GrantRequest, Scope
from patients.serializers import RegisterInput


class ScopesField(serializers.ListField):
    """Scopes by their codes."""

    child = serializers.ChoiceField(choices=Scope.choices)


class AskToActInput(RegisterInput):
    """A person as they are typed in, and what is asked for."""

    scopes = ScopesField(allow_empty=False)
    until_on = serializers.DateField(required=False, allow_null=True, default=None)


class AskForMoreInput(Input):
    """What is asked for, in place of what is granted now."""

    scopes = ScopesField(allow_empty=False)
    until_on = serializers.DateField(required=False, allow_null=True, default=None)


class ConfirmInput(Input):
    """Yes, to all of it or to less."""

    scopes = ScopesField(required=False, allow_null=True, default=None, allow_empty=False)
    until_on = serializers.DateField(required=False, allow_null=True, default=None)


class GrantCodeInput(Input):
    """Six digits."""

    code = TextField(max_length=10)


class DeskInput(Input):
    """The number of the document that was seen."""

    document_number = TextField(max_length=40)


class GrantOutput(Output):
    """Who may do what for whom. `name` is the other side's, in lists alone."""

    related = ("patient",)

    name = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        fields: ClassVar[list[str]] = [
            "id",
            "relation",
            "scopes",
            "name",
            "patient_id",
            "made_at",
            "confirmed_by",
            "confirmed_at",
            "expires_at",
            "ended_at",
        ]

    def get_name(self, grant: Grant) -> str:
        """Of who acts, or of whom one acts for."""
        names: dict[Any, str] = self.context.get("names", {})
        return names.get(grant.account_id, masked_name(grant.patient.name))


class GrantRequestOutput(Output):
    """What is asked, and what came of it. The person's own data stay with the person."""

    related = ("patient",)

    name = serializers.SerializerMethodField()

    class Meta:
        model = GrantRequest
        fields: ClassVar[list[str]] = [
            "id",
            "relation",
            "scopes",
            "until_on",
            "name",
            "made_at",
            "lapses_at",
            "answered_at",
            "is_granted",
        ]

    def get_name(self, request: GrantRequest) -> str:
        """Of who asks, for who answers; else whom it is about, masked."""
        names: dict[Any, str] = self.context.get("names", {})
        return names.get(request.account_id, masked_name(request.patient.name))


class GrantCodeOutput(Output):
    """A code is on its way, or would be if the phone were there."""

    class Meta:
        model = OneTimeCode
        fields: ClassVar[list[str]] = ["id", "expires_at"]
