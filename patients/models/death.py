"""That a person has died (死亡登记), who said so, and that it was a mistake."""

from typing import ClassVar

from django.db import models

from accounts.models import Staff
from common.fields import EncryptedTextField
from common.models import Row
from hospitals.models import Hospital
from patients.models.person import Patient, Person


class DeathSource(models.TextChoices):
    """How the hospital knows."""

    RECORDS_OFFICE = "records_office", "病案室登记"
    DOCTOR = "doctor", "医生登记"
    HOSPITAL_SYSTEM = "hospital_system", "院内系统通知"


class Death(Row):
    """One telling that a person died (死亡登记). Never deleted; a mistake is undone beside it.

    The person bears the mark (`Person.deceased_at`) in every hospital; the date stays here.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    died_on = models.DateField()
    source = models.CharField(max_length=20, choices=DeathSource.choices)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    undone_because = EncryptedTextField(purpose="evidence", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(undone_at=None), name="one_death_per_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
