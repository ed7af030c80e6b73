"""Visits and orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models

from booking.models import Appointment
from clinic.models import Department, Doctor, PriceItem
from common import clock
from common.locking import RowQuerySet
from common.models import Moving
from hospitals.models import Hospital
from patients.models import Patient
from visits.asked import Asked

ORDER_PURPOSE = "order"  # of a charge


class VisitQuerySet(RowQuerySet["Visit"]):
    """Visits by what is true of them."""

    def open(self) -> "VisitQuerySet":
        """Begun and not ended."""
        return self.filter(status=Visit.Status.OPEN)

    def taking_orders(self, now: datetime) -> "VisitQuerySet":
        """Open, or begun today: what a doctor asks for often comes when the patient has left."""
        midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(models.Q(status=Visit.Status.OPEN) | models.Q(began_at__gte=midnight))


VisitManager = models.Manager.from_queryset(VisitQuerySet)


class Visit(Moving):
    """From arriving to leaving (就诊, 住院)."""

    class Kind(models.TextChoices):
        """RC: which sort of visit."""

        OUTPATIENT = "outpatient", "门诊"
        INPATIENT = "inpatient", "住院"

    class Status(models.TextChoices):
        """What is true of the visit."""

        OPEN = "open", "进行中"  # the patient is in the house
        ENDED = "ended", "已结束"  # the patient has gone home

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.ENDED}),
        Status.ENDED: frozenset(),
    }
    LOCK_KIND = "visit"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, null=True)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[VisitManager["Visit"]] = VisitManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "began_at"], name="visit_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OrderQuerySet(RowQuerySet["Order"]):
    """Orders by what is true of them."""

    def undone(self) -> "OrderQuerySet":
        """Placed or paid, and neither performed nor withdrawn."""
        return self.filter(status__in=(Order.Status.PLACED, Order.Status.READY))


OrderManager = models.Manager.from_queryset(OrderQuerySet)


class Order(Moving):
    """One thing to be done (申请): a laboratory test, an examination, a treatment."""

    class Kind(models.TextChoices):
        """What is to be done."""

        LABORATORY = "laboratory", "检验"
        EXAMINATION = "examination", "检查"
        TREATMENT = "treatment", "治疗"

    class Status(models.TextChoices):
        """What is true of the order."""

        PLACED = "placed", "待缴费"  # asked for, not yet paid
        READY = "ready", "待执行"  # paid, may now be done
        PERFORMED = "performed", "已执行"  # done, money is kept
        WITHDRAWN = "withdrawn", "已撤销"  # will not be done, refunded

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PLACED: frozenset({Status.READY, Status.WITHDRAWN}),
        Status.READY: frozenset({Status.PERFORMED, Status.WITHDRAWN}),
        Status.PERFORMED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }
    LOCK_KIND = "order"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    placer_number = models.CharField(max_length=75)  # ORC-2, of whoever asked
    filler_number = models.CharField(max_length=75, blank=True)  # ORC-3, of whoever does it
    code = models.CharField(max_length=60)  # OBR-4.1, in the price list or LOINC
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=100, blank=True)  # where to go for it
    fee_fen = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLACED)
    placed_at = models.DateTimeField()
    performed_at = models.DateTimeField(null=True)

    objects: ClassVar[OrderManager["Order"]] = OrderManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "placer_number", "code"], name="one_order_per_number"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "status"], name="order_by_patient"),
            models.Index(fields=["hospital", "filler_number"], name="order_by_filler"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def to_place(cls, visit: Visit, *, asked: Asked, price: PriceItem) -> "Order":
        """The unsaved order of what was asked, at the price list's price."""
        return cls(
            hospital_id=visit.hospital_id,
            patient_id=visit.patient_id,
            visit=visit,
            kind=asked.kind,
            placer_number=asked.placer_number,
            filler_number=asked.filler_number,
            code=asked.code,
            name=price.name or asked.name,
            place=asked.place,
            fee_fen=price.price_fen,
            placed_at=clock.now(),
        )
