"""What answers about reports show."""

from typing import Any, ClassVar

from rest_framework import serializers

from common.serializers import Output
from results.models import Report, ReportVersion
from results.reading import Shown


class ReportOutput(Output):
    """A report without what it says."""

    status = serializers.ChoiceField(
        choices=ReportVersion.Status.choices, source="newest_status", read_only=True
    )
    issued_at = serializers.DateTimeField(source="newest_issued_at", read_only=True)

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "order_id",
            "name",
            "status",
            "issued_at",
        ]
        read_only_fields = fields


class ObservationOutput(serializers.Serializer[Any]):
    """One line, as the laboratory sent it; `value` is empty while it is not checked."""

    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    reference = serializers.CharField()
    flag = serializers.CharField()
    is_pending = serializers.BooleanField()
    notes = serializers.ListField(child=serializers.CharField())


class ReportDetailOutput(serializers.Serializer[Shown]):
    """The newest version of a report; without lines while it may not be read."""

    id = serializers.UUIDField(source="report.pk")
    patient_id = serializers.UUIDField(source="report.patient_id")
    order_id = serializers.UUIDField(source="report.order_id")
    name = serializers.CharField(source="report.name")
    status = serializers.ChoiceField(choices=ReportVersion.Status.choices, source="version.status")
    issued_at = serializers.DateTimeField(source="version.issued_at")
    received_at = serializers.DateTimeField(source="version.received_at")
    observations = ObservationOutput(source="lines", many=True)
    notes = serializers.ListField(child=serializers.CharField())
