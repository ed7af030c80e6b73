"""Reports and their versions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from common.fields import EncryptedJSONField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models import Patient
from visits.models import Order


class ReportQuerySet(RowQuerySet["Report"]):
    """Reports by whose they are, with what is true of their newest version."""

    def of_patients(self, patient_ids: Iterable[UUID]) -> "ReportQuerySet":
        """Those about these patients."""
        return self.filter(patient_id__in=patient_ids)

    def with_newest(self) -> "ReportQuerySet":
        """Each with `newest_id`, `newest_status` and `newest_issued_at`."""
        newest = ReportVersion.objects.filter(report=models.OuterRef("pk")).newest_first()
        of_newest = {
            f"newest_{name}": models.Subquery(newest.values(name)[:1])
            for name in ("id", "status", "issued_at")
        }
        return self.annotate(**of_newest)


ReportManager = models.Manager.from_queryset(ReportQuerySet)


class Report(Row):
    """What was found for one order (报告); what it says is in its versions."""

    LOCK_KIND = "report"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    filler_number = models.CharField(max_length=75)  # OBR-3, of whoever did it
    code = models.CharField(max_length=60)  # OBR-4.1
    name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    newest_id: UUID  # these three by `with_newest`
    newest_status: str
    newest_issued_at: datetime

    objects: ClassVar[ReportManager["Report"]] = ReportManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "filler_number", "code"], name="one_report_per_number"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "-id"], name="report_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReportVersionQuerySet(RowQuerySet["ReportVersion"]):
    """Versions in the order that counts."""

    def newest_first(self) -> "ReportVersionQuerySet":
        """By the laboratory's time of issue, then by status, then by arrival."""
        return self.order_by("-issued_at", "-rank", "-received_at", "-id")


ReportVersionManager = models.Manager.from_queryset(ReportVersionQuerySet)


class ReportVersion(Moving):
    """One state of a report as the laboratory issued it. Never changed."""

    class Status(models.TextChoices):
        """What the laboratory says of this version."""

        PRELIMINARY = "preliminary", "初步"  # not yet checked, may change
        FINAL = "final", "已审核"  # checked and released to the patient
        CORRECTED = "corrected", "修订"  # replaces what was released before
        WITHDRAWN = "withdrawn", "撤回"  # wrong, must not be used

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PRELIMINARY: frozenset(),
        Status.FINAL: frozenset(),
        Status.CORRECTED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }
    RANKS: ClassVar[Mapping[str, int]] = {
        status.value: rank for rank, status in enumerate(Status, start=1)
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    status = models.CharField(max_length=12, choices=Status.choices)
    rank = models.PositiveSmallIntegerField()  # of the status, for versions of the same moment
    issued_at = models.DateTimeField()  # by the laboratory's clock
    received_at = models.DateTimeField()
    content = EncryptedJSONField(purpose="person")  # {"observations": […], "notes": […]}
    content_index = models.CharField(max_length=64)  # the same version sent twice is one

    objects: ClassVar[ReportVersionManager["ReportVersion"]] = ReportVersionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "report", "issued_at", "status", "content_index"],
                name="one_version_per_issue",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["report", "-issued_at", "-rank", "-received_at", "-id"],
                name="version_newest",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_told(self) -> bool:
        """Whether the patient hears of it."""
        return self.status != self.Status.PRELIMINARY

    @property
    def is_readable(self) -> bool:
        """Whether its values may be shown to the patient: checked, and not withdrawn."""
        return self.status in {self.Status.FINAL, self.Status.CORRECTED}
