"""An account that is to be closed (注销账号): asked for, thought over, done or taken back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from accounts.models import Account
from common.locking import RowQuerySet
from common.models import Moving

COOLING_OFF = timedelta(days=7)  # who closes it by mistake, or under pressure, can come back


class AccountClosingQuerySet(RowQuerySet["AccountClosing"]):
    """Closings by what is to be done about them."""

    def asked(self) -> "AccountClosingQuerySet":
        """Asked for, neither done nor taken back."""
        return self.filter(status=AccountClosing.Status.ASKED)

    def due(self, now: datetime) -> "AccountClosingQuerySet":
        """Asked for, and the time to think it over has passed."""
        return self.asked().filter(due_at__lte=now).order_by("due_at", "pk")


AccountClosingManager = models.Manager.from_queryset(AccountClosingQuerySet)


class AccountClosing(Moving):
    """Somebody wants their account closed (注销). The row stays: it says that they asked."""

    class Status(models.TextChoices):
        ASKED = "ASKED", "等待注销"  # may still be taken back
        UNDONE = "UNDONE", "已撤回"  # the account stays
        DONE = "DONE", "已注销"  # the account opens nothing more

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ASKED: frozenset({Status.UNDONE, Status.DONE}),
        Status.UNDONE: frozenset(),
        Status.DONE: frozenset(),
    }
    LOCK_KIND = "account closing"

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # done, or taken back

    objects: ClassVar[AccountClosingManager["AccountClosing"]] = AccountClosingManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(status="ASKED"),
                name="one_open_closing_per_account",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "due_at"], name="closing_due")
        ]

    def __str__(self) -> str:
        return str(self.pk)
