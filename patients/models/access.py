"""Who was shown what of whose record (查阅记录)."""

from typing import ClassVar

from django.db import models

from accounts.models import Account, Staff
from common.models import Row
from hospitals.models import Hospital
from patients.models.person import Patient


class AccessLine(Row):
    """Somebody other than the patient was shown part of a record (查阅记录). Never changed."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    shown = models.CharField(max_length=40)  # what: "queue", "report", "prescription", …
    reason = models.CharField(max_length=40)  # the care relation: "today's queue", "ward", …
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "at"], name="access_by_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)
