"""Prescriptions and their lines."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models import Patient
from visits.models import Visit

PURPOSE = "prescription"  # of a charge
STREAM = "pharmacy"  # of live events: one for each hospital


class PrescriptionQuerySet(RowQuerySet["Prescription"]):
    """Prescriptions by what is true of them."""

    def live(self) -> "PrescriptionQuerySet":
        """The drugs may still be collected."""
        return self.filter(status__in=Prescription.LIVE)

    def over(self, now: datetime) -> "PrescriptionQuerySet":
        """Still live, and the last day has passed."""
        return self.live().filter(expires_at__lte=now)

    def of_patients(self, patient_ids: Iterable[UUID]) -> "PrescriptionQuerySet":
        """Those for these patients."""
        return self.filter(patient_id__in=patient_ids)

    def at_the_counter(self, since: datetime) -> "PrescriptionQuerySet":
        """What a pharmacist has before them: live, or dealt with since then."""
        return self.filter(models.Q(status__in=Prescription.LIVE) | models.Q(changed_at__gte=since))


PrescriptionManager = models.Manager.from_queryset(PrescriptionQuerySet)


class Prescription(Moving):
    """What a doctor prescribed for one patient (处方), in one version."""

    class Status(models.TextChoices):
        """What is true of the prescription."""

        ISSUED = "issued", "待缴费"  # prescribed and not paid yet
        PAID = "paid", "待配药"  # paid, waiting for a pharmacist
        PREPARING = "preparing", "配药中"  # a pharmacist collects the drugs
        READY = "ready", "待取药"  # the drugs wait at a window
        HANDED_OVER = "handed_over", "已发药"  # the patient has the drugs
        RETURNED = "returned", "已退回医生"  # the doctor must change it
        EXPIRED = "expired", "已失效"  # its last day has passed
        REPLACED = "replaced", "已更换"  # a newer version counts instead
        WITHDRAWN = "withdrawn", "已撤销"  # the doctor took it back

    _OUT: ClassVar[frozenset[str]] = frozenset(
        {Status.RETURNED, Status.EXPIRED, Status.REPLACED, Status.WITHDRAWN}
    )
    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ISSUED: _OUT | {Status.PAID},
        Status.PAID: _OUT | {Status.PREPARING},
        Status.PREPARING: _OUT | {Status.READY},
        Status.READY: _OUT | {Status.HANDED_OVER},
        Status.HANDED_OVER: frozenset(),
        Status.RETURNED: frozenset(),
        Status.EXPIRED: frozenset(),
        Status.REPLACED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }
    LIVE: ClassVar[tuple[str, ...]] = (
        Status.ISSUED,
        Status.PAID,
        Status.PREPARING,
        Status.READY,
    )
    LOCK_KIND = "prescription"

    class ReturnReason(models.TextChoices):
        """Why a pharmacist sends it back to the doctor (审方)."""

        DOSE = "dose", "用法用量有疑问"
        INTERACTION = "interaction", "配伍禁忌或重复用药"
        DIAGNOSIS = "diagnosis", "与诊断不符"
        STOCK = "stock", "药品缺货"
        DETAILS = "details", "处方信息不全"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT)
    number = models.CharField(max_length=120)  # the sender's
    version = models.PositiveIntegerField()  # the sender's; the highest counts
    content_index = models.CharField(max_length=64)  # the same version sent twice is one
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ISSUED)
    amount_fen = models.PositiveIntegerField()
    pickup_code = models.CharField(max_length=6)
    window = models.CharField(max_length=20, blank=True)  # where the drugs are collected
    return_reason = models.CharField(max_length=12, choices=ReturnReason.choices, blank=True)
    issued_at = models.DateTimeField()  # by the doctor
    expires_at = models.DateTimeField()  # a midnight
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when the status last changed

    objects: ClassVar[PrescriptionManager["Prescription"]] = PrescriptionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "number", "version"], name="one_prescription_per_version"
            ),
            models.UniqueConstraint(
                fields=["hospital", "number"],
                condition=models.Q(status__in=["issued", "paid", "preparing", "ready"]),
                name="one_live_version",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "-id"], name="prescription_by_patient"),
            models.Index(fields=["hospital", "status", "changed_at"], name="prescription_at_work"),
            models.Index(fields=["status", "expires_at"], name="prescription_over"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_live(self) -> bool:
        """True while the drugs may still be collected."""
        return self.status in self.LIVE


class PrescriptionLine(Row):
    """One drug of a prescription, with what the label must say."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)  # of the drug, in the price list
    name = models.CharField(max_length=200)
    strength = models.CharField(max_length=60, blank=True)  # 规格
    quantity = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=40, blank=True)
    dose_text = EncryptedTextField(purpose="person")  # 用法用量, in the doctor's words
    route = models.CharField(max_length=60, blank=True)
    frequency = models.CharField(max_length=60, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    price_fen = models.PositiveIntegerField()  # of one unit
    amount_fen = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["prescription", "position"], name="one_line_per_place")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown_quantity(self) -> str:
        """`2`, `0.5`: without empty decimals."""
        return (
            f"{self.quantity:f}".rstrip("0").rstrip(".")
            if self.quantity % 1
            else (f"{self.quantity:.0f}")
        )
