"""Who may act for a patient (代办授权)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account, Staff
from common import clock
from common.live import StreamName
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital
from patients.models.person import Patient

DAY_STREAM = "day"  # what happens to one patient; whoever acts for them follows it


class Scope(models.TextChoices):
    """What an account may do for a patient (S0-50, L13)."""

    BOOK = "book", "预约"
    PAY = "pay", "缴费"
    QUEUE = "queue", "候诊"
    REPORTS = "reports", "报告"
    INPATIENT = "inpatient", "住院"


ALL_SCOPES = [str(scope) for scope in Scope]
PRIVATE_SCOPES = frozenset({Scope.REPORTS})  # from the 14th birthday to the 18th


class Relation(models.TextChoices):
    """Who acts for the patient."""

    SELF = "self", "本人"
    FAMILY = "family", "家属"
    GUARDIAN = "guardian", "监护人"  # of somebody under 18 (PIPL 31)


class GrantWay(models.TextChoices):
    """How the person said yes."""

    NONE = "", "没有确认"
    SMS = "sms", "短信验证码"
    PHONE = "phone", "本人手机确认"
    DESK = "desk", "窗口核对证件"


class GrantQuerySet(RowQuerySet["Grant"]):
    """Grants by what they allow now."""

    def valid(self, now: datetime) -> "GrantQuerySet":
        """Neither ended nor expired."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), ended_at=None)

    def of_account(self, account_id: UUID) -> "GrantQuerySet":
        """What this account was granted."""
        return self.filter(account_id=account_id)

    def selves(self) -> "GrantQuerySet":
        """Those of the patients' own accounts."""
        return self.filter(relation=Relation.SELF)


GrantManager = models.Manager.from_queryset(GrantQuerySet)


class Grant(Row):
    """An account may act for a patient (代办授权), within scopes, until it ends.

    What was granted is never changed: more or less of it is a new grant, and the old one ends.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # when the person said yes, where they did
    confirmed_by = models.CharField(max_length=10, choices=GrantWay.choices, blank=True)
    confirmed_staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
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
        """True where the scope was granted, has not expired, and is not the young person's own."""
        is_live = self.expires_at is None or self.expires_at > clock.now()
        if not is_live or self.ended_at is not None or scope not in self.scopes:
            return False
        return scope not in PRIVATE_SCOPES or not self._is_private()

    def _is_private(self) -> bool:
        """From 14 to 18 the family reads no results which the young person did not confirm."""
        from patients.minors import (  # noqa: PLC0415 - minors reads documents, which read models
            are_results_private,
            fourteenth_birthday,
        )

        if self.relation == Relation.SELF:
            return False
        born_on = self.patient.born_on
        if not are_results_private(born_on, clock.today()):
            return False
        said_on = clock.local(self.confirmed_at).date() if self.confirmed_at else None
        return said_on is None or said_on < fourteenth_birthday(born_on)

    @property
    def day_stream(self) -> StreamName:
        """The live stream that the grant opens."""
        return StreamName(self.hospital_id, DAY_STREAM, self.patient_id)


class GrantRequest(Row):
    """Somebody asks to act for a patient (代办申请); without the person's yes it is nothing."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    scopes = models.JSONField(default=list)
    until_on = models.DateField()  # the last day of what is asked for
    made_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "account", "patient"],
                condition=models.Q(answered_at=None),
                name="one_open_grant_request",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient"], name="grant_request_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """True while the person may still say yes."""
        return self.answered_at is None and clock.now() < self.lapses_at
