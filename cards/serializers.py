"""What the edge of cards reads and shows."""

from typing import ClassVar

from rest_framework import serializers

from cards.models import Card, Use
from common.serializers import Input, KeyField, Output, TextField

BOUND = (Card.Kind.HEALTH, Card.Kind.INSURANCE)


class OpenInput(Input):
    """Whose virtual card."""

    patient_id = KeyField()


class BindInput(Input):
    """A credential as the phone got it from its issuer."""

    patient_id = KeyField()
    kind = serializers.ChoiceField(choices=[(one.value, one.label) for one in BOUND])
    shown = TextField(max_length=200)


class CardUseInput(Input):
    """What the code will be read for."""

    use = serializers.ChoiceField(choices=Use.choices)


class EmptyInput(Input):
    """A command that needs no words."""


class CardCodeOutput(serializers.Serializer[dict[str, object]]):
    """A code to be drawn, and until when it is good."""

    code = serializers.CharField()
    expires_at = serializers.DateTimeField()


class CardOutput(Output):
    """A card, without its number."""

    class Meta:
        model = Card
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "kind",
            "tail",
            "is_mock",
            "status",
            "made_at",
        ]
