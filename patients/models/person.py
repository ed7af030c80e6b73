"""Persons of the directory, and the patients they are in each hospital."""

from typing import ClassVar

from django.db import models

from common.fields import BlindIndexField, EncryptedTextField
from common.models import Row
from hospitals.models import Hospital
from patients.models.document import DocumentType


class Person(Row):
    """Somebody whom the directory finds by their documents. Caps and bans belong here."""

    LOCK_KIND = "person"

    document_index = BlindIndexField(column_of_key="person.document", unique=True)  # of the first
    # Persons under merge review count together; the group is named by its largest key.
    group = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="members")
    deceased_at = models.DateTimeField(null=True)  # when some hospital said so; see Death

    def __str__(self) -> str:
        return str(self.pk)


class Sex(models.TextChoices):
    """RC001 性别."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"


class Patient(Row):
    """A person in one hospital."""

    LOCK_KIND = "person"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    number = models.CharField(max_length=20)  # 门诊号, given by the hospital
    name = EncryptedTextField(purpose="person")
    document_type = models.CharField(max_length=20, choices=DocumentType.choices)
    document_number = EncryptedTextField(purpose="person")
    phone = EncryptedTextField(purpose="person")
    phone_index = BlindIndexField(column_of_key="patient.phone", blank=True)
    is_verified = models.BooleanField(default=False)  # by one of their documents
    born_on = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    made_at = models.DateTimeField()
    # Patients who are one person name the leading one (主档案), which names itself.
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    compared_at = models.DateTimeField(null=True)  # with the others, to find them twice

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "person"], name="one_patient_per_person"),
            models.UniqueConstraint(fields=["hospital", "number"], name="one_patient_per_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "phone_index"], name="patient_by_phone"),
            models.Index(
                fields=["id"], condition=models.Q(compared_at=None), name="patient_to_compare"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Identifier(Row):
    """A number by which another system knows the patient (患者标识); found by its blind index."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    issuer = models.CharField(max_length=100, blank=True)  # as the system names itself (PID-3.4)
    value_index = BlindIndexField(column_of_key="identifier.value")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "issuer", "value_index"], name="one_patient_per_identifier"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient"], name="identifier_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)
