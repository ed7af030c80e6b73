"""Who was shown what of whose record (查阅记录), and the seals that prove nothing was changed."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account, Staff
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital
from patients.models.person import Patient


class AccessLineQuerySet(RowQuerySet["AccessLine"]):
    """Access lines by who read about whom, and when."""

    def of_staff(self, staff: Staff) -> "AccessLineQuerySet":
        """What this staff member was shown."""
        return self.filter(hospital_id=staff.hospital_id, staff=staff)

    def since(self, at: datetime) -> "AccessLineQuerySet":
        """Read at this time or later."""
        return self.filter(at__gte=at)

    def between(self, *, after: UUID | None, up_to: UUID | None) -> "AccessLineQuerySet":
        """Those whose key lies behind `after`, and not behind `up_to`; the oldest first."""
        rows = self.filter(pk__gt=after) if after else self.all()
        return (rows.filter(pk__lte=up_to) if up_to else rows).order_by("pk")


AccessLineManager = models.Manager.from_queryset(AccessLineQuerySet)


class AccessLine(Row):
    """Somebody other than the patient was shown part of a record (查阅记录).

    Never changed and never deleted: triggers refuse. It carries keys and codes alone, no name and
    no text, so that it can stay when a person's own rows are erased.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=20, blank=True)  # of the staff member, at that time
    shown = models.CharField(max_length=40)  # what: "queue", "report", "prescription", …
    reason = models.CharField(max_length=40)  # the care relation: "today's queue", "ward", …
    at = models.DateTimeField()

    objects: ClassVar[AccessLineManager["AccessLine"]] = AccessLineManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "at"], name="access_by_patient"),
            models.Index(fields=["hospital", "staff", "at"], name="access_by_staff"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AccessSeal(Row):
    """A link of the hospital's chain over its access lines (查阅记录封存): never changed.

    It covers every line whose key lies behind the seal before and not behind `up_to`.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    up_to = models.UUIDField()  # the key of the last line
    lines = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # HMAC-SM3 over the seal before and the lines
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "number"], name="one_seal_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.hospital_id} {self.number}"
