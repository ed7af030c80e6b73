"""What the edge of the journey shows."""

from typing import Any

from rest_framework import serializers


class DayStepOutput(serializers.Serializer[Any]):
    """One step of a day."""

    at = serializers.DateTimeField()
    title = serializers.CharField()
    place = serializers.CharField()
    state = serializers.ChoiceField(choices=["done", "now", "next", "missed"])
    href = serializers.CharField()


class PersonDayOutput(serializers.Serializer[Any]):
    """One person's day in one hospital."""

    hospital = serializers.CharField(source="grant.hospital.code")
    patient_id = serializers.UUIDField(source="patient.pk")
    name = serializers.CharField(source="patient.name")
    relation = serializers.CharField(source="grant.relation")
    steps = DayStepOutput(many=True)


class MyDayOutput(serializers.Serializer[Any]):
    """One date, person by person."""

    on = serializers.DateField()
    days = PersonDayOutput(many=True)
