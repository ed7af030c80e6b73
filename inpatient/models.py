"""Admissions, the money asked for them, and what is charged for each day."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from accounts.models import Staff
from clinic.models import Bed, Department
from common.live import StreamName
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models import Patient
from payments.models import Charge
from visits.models import Visit


class AdmissionQuerySet(RowQuerySet["Admission"]):
    """Admissions by what is true of them."""

    def of_hospital(self, hospital_id: UUID) -> "AdmissionQuerySet":
        """Those of one hospital."""
        return self.filter(hospital_id=hospital_id)

    def asked(self) -> "AdmissionQuerySet":
        """Waiting for a bed, the earliest wanted first."""
        waiting = self.filter(status=Admission.Status.ASKED)
        return waiting.order_by("wanted_on", "pk")

    def on_ward(self) -> "AdmissionQuerySet":
        """Lying in a bed."""
        return self.filter(status__in=Admission.ON_WARD)

    def live(self) -> "AdmissionQuerySet":
        """Asked for or lying in a bed."""
        return self.filter(status__in=Admission.LIVE)


AdmissionManager = models.Manager.from_queryset(AdmissionQuerySet)


class Admission(Moving):
    """One stay (住院) of one patient, from the request (住院证) to going home."""

    class Status(models.TextChoices):
        """What is true of the patient."""

        ASKED = "ASKED", "待入院"  # a doctor wants them admitted
        ADMITTED = "ADMITTED", "在院"  # the patient lies in a bed
        DISCHARGING = "DISCHARGING", "待结算"  # leaving, the balance is asked
        DISCHARGED = "DISCHARGED", "已出院"  # gone home, the bill settled
        WITHDRAWN = "WITHDRAWN", "已撤销"  # will not be admitted now

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ASKED: frozenset({Status.ADMITTED, Status.WITHDRAWN}),
        Status.ADMITTED: frozenset({Status.DISCHARGING, Status.DISCHARGED}),
        Status.DISCHARGING: frozenset({Status.DISCHARGED}),
        Status.DISCHARGED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }
    ON_WARD: ClassVar[tuple[str, ...]] = (Status.ADMITTED, Status.DISCHARGING)
    LIVE: ClassVar[tuple[str, ...]] = (Status.ASKED, *ON_WARD)
    LOCK_KIND = "admission"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    ward = models.ForeignKey(Department, on_delete=models.PROTECT)
    wanted_on = models.DateField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, null=True)
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, null=True)  # the last one, kept after
    wristband = models.CharField(max_length=12, null=True)  # noqa: DJ001 - unique where there is one
    admitted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    admitted_at = models.DateTimeField(null=True)
    discharged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    discharged_at = models.DateTimeField(null=True)

    objects: ClassVar[AdmissionManager["Admission"]] = AdmissionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "patient"],
                condition=Q(status__in=("ASKED", "ADMITTED", "DISCHARGING")),
                name="one_live_admission",
            ),
            models.UniqueConstraint(
                fields=["hospital", "wristband"], name="one_admission_per_wristband"
            ),
            models.UniqueConstraint(
                fields=["hospital", "bed"],
                condition=Q(status__in=("ADMITTED", "DISCHARGING")),
                name="one_patient_per_bed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("ASKED", "WITHDRAWN"))
                | Q(visit__isnull=False, bed__isnull=False, wristband__isnull=False),
                name="admitted_to_a_bed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "ward", "status"], name="admission_by_ward")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_on_ward(self) -> bool:
        """True while the patient lies in a bed."""
        return self.status in self.ON_WARD

    @property
    def ward_stream(self) -> StreamName:
        """Who looks at the ward hears of it here."""
        return StreamName(self.hospital_id, "ward", self.ward_id)

    @property
    def day_stream(self) -> StreamName:
        """The patient and the family hear of it here."""
        return StreamName(self.hospital_id, "day", self.patient_id)


class Deposit(Row):
    """Money asked for a stay: before it is used (预交金), or at its end (补缴)."""

    class Kind(models.TextChoices):
        """Why it is asked for; also the purpose of its charge."""

        DEPOSIT = "deposit", "预交金"
        BALANCE = "stay_balance", "出院补缴"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="deposits")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "admission"], name="deposit_by_admission")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DailyList(Row):
    """What a stay was charged on one date (每日清单)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="daily_lists")
    on = models.DateField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "admission", "on"], name="one_daily_list_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.on}"


class DailyLine(Row):
    """One thing charged on one date. Never changed; a wrong one is reversed by another."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    daily_list = models.ForeignKey(DailyList, on_delete=models.PROTECT, related_name="lines")
    source_number = models.CharField(max_length=75)  # of whoever charged it: a resend is once
    code = models.CharField(max_length=40)  # in the price list, as it stood that day …
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    unit_price_fen = models.PositiveIntegerField()
    quantity = models.IntegerField()
    amount_fen = models.BigIntegerField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )
    made_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "source_number"], name="one_line_per_source_number"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, quantity__gt=0)
                | Q(reverses__isnull=False, quantity__lt=0),
                name="negative_only_as_reversal",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("quantity") * F("unit_price_fen")),
                name="line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.source_number

    def reversal_as(self, source_number: str, *, made_at: datetime) -> "DailyLine":
        """The line that takes this one off its list, whole, at the price it was charged at."""
        return DailyLine(
            hospital_id=self.hospital_id,
            daily_list=self.daily_list,
            source_number=source_number,
            code=self.code,
            name=self.name,
            unit=self.unit,
            unit_price_fen=self.unit_price_fen,
            quantity=-self.quantity,
            amount_fen=-self.amount_fen,
            reverses=self,
            made_at=made_at,
        )
