"""What the edge of patients reads and shows. Document and phone are always masked."""

from typing import Any, ClassVar

from rest_framework import serializers

from common.serializers import Input, Output, TextField
from patients.documents import masked, masked_phone
from patients.models import DocumentType, Grant, Patient, Relation, Sex


class RegisterInput(Input):
    """A person as they are typed in."""

    name = TextField(max_length=100)
    document_type = serializers.ChoiceField(choices=DocumentType.choices)
    document_number = TextField(max_length=40)
    nationality = TextField(max_length=3, required=False)
    born_on = serializers.DateField(required=False)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False)
    phone = TextField(max_length=30)
    relation = serializers.ChoiceField(choices=Relation.choices)


class PatientOutput(Output):
    """A patient, as the account that acts for them sees them."""

    name = serializers.CharField()
    document_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "name",
            "document_type",
            "document_number",
            "is_verified",
            "phone",
            "born_on",
            "sex",
        ]

    def get_document_number(self, patient: Patient) -> str:
        """110***********002X."""
        return masked(patient.document_number)

    def get_phone(self, patient: Patient) -> str:
        """138****8000."""
        return masked_phone(patient.phone)


class MyPatientOutput(Output):
    """Somebody the account acts for, in one hospital."""

    related = ("patient", "hospital")

    hospital = serializers.CharField(source="hospital.code")
    hospital_name = serializers.CharField(source="hospital.name")
    patient: "serializers.Field[Any, Any, Any, Any]" = PatientOutput()
    scopes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Grant
        fields: ClassVar[list[str]] = [
            "hospital",
            "hospital_name",
            "relation",
            "scopes",
            "patient",
        ]
