"""One-time codes (短信验证码) that prove who holds a phone."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.models.account import Account
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving
from hospitals.models import Hospital


class OneTimeCodeQuerySet(RowQuerySet["OneTimeCode"]):
    """Codes by what may be done with them."""

    def to_phone(self, phone_index: str) -> "OneTimeCodeQuerySet":
        """Asked for one phone, by whatever account and in whatever hospital."""
        return self.filter(phone_index=phone_index)

    def due(self, now: datetime) -> "OneTimeCodeQuerySet":
        """To be sent: not too old to be of use."""
        return self.filter(status=OneTimeCode.Status.WAITING, expires_at__gt=now).order_by("pk")

    def abandoned(self, now: datetime) -> "OneTimeCodeQuerySet":
        """Their sender died between its lease and an answer."""
        return self.filter(status=OneTimeCode.Status.SENDING, lease_until__lt=now).order_by("pk")


OneTimeCodeManager = models.Manager.from_queryset(OneTimeCodeQuerySet)


class OneTimeCode(Moving):
    """Six digits to a phone. They are drawn when they are sent; only their digest is kept.

    Good once, for five minutes, for one use about one subject; five tries, counted before they
    are looked at.
    """

    LOCK_KIND = "message"

    class Use(models.TextChoices):
        """What the code proves, or agrees to."""

        GRANT = "grant", "同意代办"
        EXPORT = "export", "取走本人资料"
        CLOSE = "close", "注销账号"

    class Status(models.TextChoices):
        """How the code's text stands."""

        WAITING = "waiting", "to be sent"
        SENDING = "sending", "leased to a sender"
        SENT = "sent", "the platform took it"
        REFUSED = "refused", "the platform takes no such text"
        UNKNOWN = "unknown", "perhaps sent, never again"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.WAITING: frozenset({Status.SENDING}),
        Status.SENDING: frozenset(
            {Status.SENT, Status.REFUSED, Status.UNKNOWN, Status.WAITING}  # surely not sent
        ),
        Status.SENT: frozenset(),
        Status.REFUSED: frozenset(),
        Status.UNKNOWN: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)  # whose sender says it
    account = models.ForeignKey(Account, on_delete=models.CASCADE)  # who asked
    use = models.CharField(max_length=10, choices=Use.choices)
    subject_id = models.UUIDField()  # what it is about: a request, a patient, an account
    phone = EncryptedTextField(purpose="person")
    phone_index = models.CharField(max_length=64)
    minute = models.PositiveBigIntegerField()  # of the clock, so that twin requests are one
    said_by = EncryptedTextField(purpose="person")  # the name that the text tells, if it does
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    lease_until = models.DateTimeField(null=True)

    objects: ClassVar[OneTimeCodeManager["OneTimeCode"]] = OneTimeCodeManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["phone_index", "minute"], name="one_code_a_minute_and_phone"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["phone_index", "made_at"], name="codes_by_phone"),
            models.Index(fields=["use", "subject_id"], name="codes_by_subject"),
            models.Index(
                fields=["status"],
                condition=models.Q(status__in=["waiting", "sending"]),
                name="codes_on_the_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
