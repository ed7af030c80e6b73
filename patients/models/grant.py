"""Who may act for a patient (代办授权)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account
from common import clock
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital
from patients.models.person import Patient


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
    GUARDIAN = "guardian", "监护人"  # of somebody under 18 (PIPL 31)


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
