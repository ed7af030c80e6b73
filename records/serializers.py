"""What the edge of records reads and shows."""

from typing import ClassVar

from rest_framework import serializers

from common.serializers import Input, Output
from papers.models import Paper
from visits.models import Visit


class EmptyInput(Input):
    """A command that needs no words."""


class VisitOutput(Output):
    """A visit, without what happened at it."""

    related = ("department",)

    department = serializers.CharField(source="department.name")

    class Meta:
        model = Visit
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "kind",
            "department",
            "status",
            "began_at",
            "ended_at",
        ]


class PaperOutput(Output):
    """An issued paper, without what it says."""

    code = serializers.CharField(source="shown_code")

    class Meta:
        model = Paper
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "title",
            "version",
            "pages",
            "status",
            "issued_at",
        ]
