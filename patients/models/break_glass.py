"""Reading without a care relation (紧急查阅), and persons about whom a reason is always asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from accounts.models import Staff
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models.person import Patient

REVIEW_WITHIN = timedelta(days=3)  # then the manager hears of it


class PatientMark(Row):
    """About this patient every reader says why first (特殊标记): colleagues, and who must be."""

    class Kind(models.TextChoices):
        """Why."""

        EMPLOYEE = "employee", "本院职工"
        VIP = "vip", "重点保护"
        LEGAL = "legal", "涉诉涉案"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "patient", "kind"],
                condition=models.Q(ended_at=None),
                name="one_live_mark_per_kind",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BreakGlassQuerySet(RowQuerySet["BreakGlass"]):
    """Urgent readings by what is true of them."""

    def holding(self, now: datetime) -> "BreakGlassQuerySet":
        """Those under which their reader may read now."""
        return self.filter(until__gt=now)

    def unreviewed(self) -> "BreakGlassQuerySet":
        """Nobody has judged them yet."""
        return self.filter(status=BreakGlass.Status.OPEN)


BreakGlassManager = models.Manager.from_queryset(BreakGlassQuerySet)


class BreakGlass(Moving):
    """A staff member said why, and may read about one patient for a while (紧急查阅).

    The patient is told; another person reviews it.
    """

    class Kind(models.TextChoices):
        """The coded reason."""

        EMERGENCY = "emergency", "抢救急诊"
        CONSULTATION = "consultation", "会诊"
        HANDOVER = "handover", "代班交接"
        PATIENT_ASKS = "patient_asks", "患者当面要求"
        OWN_DUTY = "own_duty", "本人负责的诊疗或服务"

    class Status(models.TextChoices):
        """What the review found."""

        OPEN = "OPEN", "待复核"  # nobody has judged it
        JUSTIFIED = "JUSTIFIED", "合理"  # there was need to read
        UNJUSTIFIED = "UNJUSTIFIED", "不合理"  # there was no need

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.JUSTIFIED, Status.UNJUSTIFIED}),
        Status.JUSTIFIED: frozenset(),
        Status.UNJUSTIFIED: frozenset(),
    }
    LOCK_KIND = "break glass"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = EncryptedTextField(purpose="evidence")  # what the reader typed
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    reviewed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_words = EncryptedTextField(purpose="evidence", null=True)

    objects: ClassVar[BreakGlassManager["BreakGlass"]] = BreakGlassManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("staff")),
                name="nobody_reviews_their_own_reading",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "staff", "until"], name="glass_by_staff"),
            models.Index(
                fields=["made_at"], condition=models.Q(status="OPEN"), name="glass_to_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
