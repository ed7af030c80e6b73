"""What the directory's requests say and its answers show."""

from typing import ClassVar

from rest_framework import serializers

from clinic.models import Department, Doctor
from common.serializers import Input, Output
from hospitals.models import Hospital


class PageInput(Input):
    """Which page of a list."""

    cursor = serializers.CharField(required=False, max_length=500)


class DepartmentsInput(PageInput):
    """All departments, or those that can be booked alone."""

    bookable = serializers.ChoiceField(choices=["1"], required=False)


class DoctorsInput(PageInput):
    """All doctors, or those of a department."""

    department = serializers.UUIDField(required=False)


class HospitalOutput(Output):
    """A hospital as everybody may know it."""

    class Meta:
        model = Hospital
        fields: ClassVar[list[str]] = ["code", "name", "grade", "address", "phone"]
        read_only_fields = fields


class DepartmentOutput(Output):
    """A department, and whether it has sessions to book; `context["bookable"]` says which do."""

    is_bookable = serializers.SerializerMethodField()

    class Meta:
        model = Department
        fields: ClassVar[list[str]] = ["id", "code", "name", "category", "is_bookable"]
        read_only_fields = fields

    def get_is_bookable(self, department: Department) -> bool:
        """True with sessions within the horizon."""
        return department.pk in self.context["bookable"]


class DoctorOutput(Output):
    """A doctor; the name is empty where the hospital does not show it (`context["is_named"]`)."""

    related = ("department",)
    name = serializers.SerializerMethodField()
    department_name = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Doctor
        fields: ClassVar[list[str]] = ["id", "name", "title", "department_id", "department_name"]
        read_only_fields = fields

    def get_name(self, doctor: Doctor) -> str:
        """As the hospital's policy says (Q2)."""
        return doctor.name if self.context["is_named"] else ""
