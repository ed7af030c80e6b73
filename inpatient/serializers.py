"""What answers about stays show."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.locking import RowQuerySet
from common.serializers import Output
from inpatient.bill import bill_of
from inpatient.models import Admission, DailyLine, DailyList


class MoneyOutput(serializers.Serializer[Any]):
    """A stay's money; whole fen."""

    lines_fen = serializers.IntegerField(help_text="charged so far")
    paid_fen = serializers.IntegerField()
    left_fen = serializers.IntegerField(help_text="goes back if the patient went home now")
    due_fen = serializers.IntegerField(help_text="must be paid before the patient goes home")
    returned_fen = serializers.IntegerField(help_text="gone back, or on its way")


class StayOutput(Output):
    """A stay as its patient sees it."""

    related: ClassVar[tuple[str, ...]] = ("ward", "bed")
    ward_name = serializers.CharField(source="ward.name", read_only=True)
    bed_number = serializers.IntegerField(source="bed.number", default=None, read_only=True)
    money = serializers.SerializerMethodField()

    class Meta:
        model = Admission
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "status",
            "ward_name",
            "bed_number",
            "wanted_on",
            "admitted_at",
            "discharged_at",
            "money",
        ]
        read_only_fields = fields

    @extend_schema_field(MoneyOutput)
    def get_money(self, stay: Admission) -> dict[str, Any]:
        """The bill in short."""
        return dict(MoneyOutput(bill_of(stay)).data)


class LineOutput(Output):
    """One thing charged, or taken off again."""

    class Meta:
        model = DailyLine
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "name",
            "unit",
            "unit_price_fen",
            "quantity",
            "amount_fen",
            "reverses_id",
        ]
        read_only_fields = fields


class DayOutput(Output):
    """One date of the bill."""

    lines = LineOutput(many=True, read_only=True)
    total_fen = serializers.SerializerMethodField()

    class Meta:
        model = DailyList
        fields: ClassVar[list[str]] = ["id", "on", "total_fen", "lines"]
        read_only_fields = fields

    @classmethod
    def rows(cls) -> RowQuerySet[Any]:
        """With their lines."""
        return super().rows().prefetch_related("lines")

    def get_total_fen(self, day: DailyList) -> int:
        """What the date costs, reversals taken off."""
        return sum(line.amount_fen for line in day.lines.all())
