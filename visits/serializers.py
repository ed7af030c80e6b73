"""What the API shows of the access log."""

from typing import Any

from rest_framework import serializers


class AccessLineOutput(serializers.Serializer[Any]):
    """Somebody was shown part of one's own record."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="What the records office finds the line by.")
    hospital = serializers.CharField()
    patient_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    is_family = serializers.BooleanField()
    who = serializers.CharField(help_text="The role of staff, or the relation of the family.")
    department = serializers.CharField(allow_blank=True)
    shown = serializers.CharField()
    shown_code = serializers.CharField()
    reason = serializers.CharField()
    reason_code = serializers.CharField()
