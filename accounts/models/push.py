"""What WeChat pushes to our server (消息推送), as received."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from common.fields import EncryptedField
from common.locking import RowQuerySet
from common.models import Moving
from hospitals.models import Hospital, MiniProgram


class PushQuerySet(RowQuerySet["Push"]):
    """Pushes by what is to be done about them."""

    def to_apply(self, now: datetime) -> Self:
        """Stored, and their time to be applied has come."""
        return self.filter(status=Push.Status.RECEIVED, apply_at__lte=now).order_by("pk")


PushManager = models.Manager.from_queryset(PushQuerySet)


class Push(Moving):
    """One event that WeChat told a mini-program's server; told again, it is the same row."""

    class Status(models.TextChoices):
        RECEIVED = "RECEIVED", "已收到"  # proved and stored, not applied
        APPLIED = "APPLIED", "已处理"  # the house did what follows
        IGNORED = "IGNORED", "无需处理"  # nobody asked for this kind

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.RECEIVED: frozenset({Status.APPLIED, Status.IGNORED}),
        Status.APPLIED: frozenset(),
        Status.IGNORED: frozenset(),
    }
    LOCK_KIND = "received"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    mini_program = models.ForeignKey(MiniProgram, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)  # SHA-256 of what was told
    event = models.CharField(max_length=60)  # subscribe_msg_popup_event, …
    body = EncryptedField(purpose="evidence")  # the opened message, JSON in UTF-8
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    received_at = models.DateTimeField()
    apply_at = models.DateTimeField()  # when the sweep tries next
    tries = models.PositiveIntegerField(default=0)

    objects: ClassVar[PushManager["Push"]] = PushManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mini_program", "digest"], name="one_push_per_digest")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "apply_at"], name="push_to_apply"),
            models.Index(fields=["received_at"], name="push_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
