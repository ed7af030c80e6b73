"""Persons, patients, grants and the access log."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account, Staff
from common import clock
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital


class Person(Row):
    """An entry of the directory: what a document is found by. Caps and bans belong here."""

    LOCK_KIND = "person"

    document_index = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class DocumentType(models.TextChoices):
    """Kinds of identity documents (S4-29; the others of domain 4.1 follow)."""

    RESIDENT_ID = "resident_id", "居民身份证"


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
    phone_index = models.CharField(max_length=64, blank=True)
    born_on = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "person"], name="one_patient_per_person"),
            models.UniqueConstraint(fields=["hospital", "number"], name="one_patient_per_number"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Identifier(Row):
    """A number by which another system knows the patient (患者标识); found by its blind index."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    issuer = models.CharField(max_length=100, blank=True)  # as the system names itself (PID-3.4)
    value_index = models.CharField(max_length=64)
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


class Scope(models.TextChoices):
    """What an account may do for a patient (S0-50, L13)."""

    BOOK = "book", "预约"
    PAY = "pay", "缴费"
    QUEUE = "queue", "候诊"
    REPORTS = "reports", "报告"
    INPATIENT = "inpatient", "住院"


ALL_SCOPES = [str(scope) for scope in Scope]


class Relation(models.TextChoices):
    """Who acts for the patient."""

    SELF = "self", "本人"
    FAMILY = "family", "家属"


class GrantQuerySet(RowQuerySet["Grant"]):
    """Grants by what they allow now."""

    def valid(self, now: datetime) -> "GrantQuerySet":
        """Neither ended nor expired."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), ended_at=None)

    def of_account(self, account_id: UUID) -> "GrantQuerySet":
        """What this account was granted."""
        return self.filter(account_id=account_id)


GrantManager = models.Manager.from_queryset(GrantQuerySet)


class Grant(Row):
    """An account may act for a patient (代办授权), within scopes, until it ends."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[GrantManager["Grant"]] = GrantManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "account", "patient"],
                condition=models.Q(ended_at=None),
                name="one_live_grant",
            ),
            models.UniqueConstraint(
                fields=["hospital", "patient"],
                condition=models.Q(ended_at=None, relation="self"),
                name="one_self_per_patient",
            ),
            models.UniqueConstraint(
                fields=["hospital", "account"],
                condition=models.Q(ended_at=None, relation="self"),
                name="one_self_per_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def allows(self, scope: Scope) -> bool:
        """True where the scope was granted and has not expired."""
        is_live = self.expires_at is None or self.expires_at > clock.now()
        return is_live and self.ended_at is None and scope in self.scopes


class AccessLine(Row):
    """Somebody other than the patient was shown part of a record (查阅记录). Never changed."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    shown = models.CharField(max_length=40)  # what: "queue", "report", "prescription", …
    reason = models.CharField(max_length=40)  # the care relation: "today's queue", "ward", …
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "at"], name="access_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)
