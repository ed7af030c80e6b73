"""Cards and their readings."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from accounts.models import Role, Staff
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models import Patient, Scope


class Use(models.TextChoices):
    """What a code is shown for; another reading of it is refused."""

    CHECK_IN = "check_in", "签到"
    WINDOW = "window", "窗口"
    CASHIER = "cashier", "收费"
    PICK_UP = "pick_up", "取药"
    DOOR = "door", "病区门禁"


# Who may show a card for somebody else, and who reads it there.
SCOPES: Mapping[str, Scope] = {
    Use.CHECK_IN: Scope.QUEUE,
    Use.WINDOW: Scope.BOOK,
    Use.CASHIER: Scope.PAY,
    Use.PICK_UP: Scope.QUEUE,
    Use.DOOR: Scope.INPATIENT,
}
READERS: Mapping[str, tuple[Role, ...]] = {
    Use.CHECK_IN: (Role.TRIAGE,),
    Use.WINDOW: (Role.BOOKING_OFFICE, Role.RECORDS_OFFICE),
    Use.CASHIER: (Role.CASHIER,),
    Use.PICK_UP: (Role.PHARMACIST,),
    Use.DOOR: (Role.NURSE,),
}
AT_DESKS = sorted({role for roles in READERS.values() for role in roles})


class CardQuerySet(RowQuerySet["Card"]):
    """Cards by what they are good for."""

    def standing(self) -> "CardQuerySet":
        """Not ended."""
        return self.exclude(status=Card.Status.ENDED)


CardManager = models.Manager.from_queryset(CardQuerySet)


class Card(Moving):
    """A card (就诊卡) of a patient in one hospital. Several cards, one person."""

    LOCK_KIND = "card"

    class Kind(models.TextChoices):
        """Who issued it."""

        VIRTUAL = "virtual", "虚拟就诊卡"
        PLASTIC = "plastic", "实体就诊卡"
        HEALTH = "health", "电子健康卡"
        INSURANCE = "insurance", "医保电子凭证"

    class Status(models.TextChoices):
        """Whether it opens anything."""

        ACTIVE = "ACTIVE", "可用"  # may be shown and read
        LOST = "LOST", "已挂失"  # reported lost; reads as closed
        ENDED = "ENDED", "已注销"  # never good again

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ACTIVE: frozenset({Status.LOST, Status.ENDED}),
        Status.LOST: frozenset({Status.ACTIVE, Status.ENDED}),
        Status.ENDED: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number_index = models.CharField(max_length=64, blank=True)  # what a static number finds it by
    tail = models.CharField(max_length=4, blank=True)  # the last signs of its number
    is_mock = models.BooleanField(default=False)  # bound through the sandbox's mock (模拟)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    made_at = models.DateTimeField()

    objects: ClassVar[CardManager["Card"]] = CardManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "patient"],
                condition=models.Q(kind="virtual") & ~models.Q(status="ENDED"),
                name="one_virtual_card",
            ),
            models.UniqueConstraint(
                fields=["hospital", "kind", "number_index"],
                condition=~models.Q(kind="virtual") & ~models.Q(status="ENDED"),
                name="one_card_per_number",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient"], name="card_by_patient")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CardReading(Row):
    """A code was read, once (刷卡记录)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    card = models.ForeignKey(Card, on_delete=models.PROTECT)
    draw = models.CharField(max_length=20)  # what makes one code of the card unlike another
    use = models.CharField(max_length=10, choices=Use.choices)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "card", "draw"], name="one_reading")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["read_at"], name="reading_by_age")
        ]

    def __str__(self) -> str:
        return str(self.pk)
