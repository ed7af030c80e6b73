"""What booking's requests say and its answers show."""

from typing import ClassVar

from rest_framework import serializers

from booking.models import Appointment
from common.serializers import Input, KeyField, Output


class BookInput(Input):
    """Which slot, for whom."""

    slot_id = KeyField()
    patient_id = KeyField()


class EmptyInput(Input):
    """A command that needs no more than its address."""


class PatientInput(Input):
    """For whom."""

    patient_id = KeyField()


class DayInput(Input):
    """Which date."""

    on = serializers.DateField()


class AppointmentOutput(Output):
    """An appointment as its patient sees it."""

    related: ClassVar[tuple[str, ...]] = ("session__doctor", "session__room", "department")
    department_name = serializers.CharField(source="department.name", read_only=True)
    doctor_title = serializers.CharField(source="session.doctor.title", read_only=True)
    room = serializers.CharField(source="session.room.name", read_only=True)

    class Meta:
        model = Appointment
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "slot_id",
            "department_name",
            "doctor_title",
            "room",
            "number",
            "channel",
            "visit_on",
            "begins_at",
            "fee_fen",
            "status",
            "held_until",
            "cancel_until",
        ]
        read_only_fields = fields
