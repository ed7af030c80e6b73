"""The staff (职工) of the hospitals."""

from typing import ClassVar

from django.db import models

from accounts.models.account import Account
from common.fields import EncryptedTextField
from common.models import Row
from hospitals.models import Hospital


class Role(models.TextChoices):
    """What a staff member does (角色)."""

    DOCTOR = "doctor", "医生"
    NURSE = "nurse", "护士"
    TRIAGE = "triage", "分诊"
    PHARMACIST = "pharmacist", "药师"
    CASHIER = "cashier", "收费"
    BOOKING_OFFICE = "booking_office", "门诊办公室"
    RECORDS_OFFICE = "records_office", "病案室"
    MANAGER = "manager", "管理"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理员"


class Staff(Row):
    """A staff member (职工) of one hospital."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.OneToOneField(Account, on_delete=models.PROTECT)
    number = models.CharField(max_length=20)  # 工号
    name = EncryptedTextField(purpose="person")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "number"], name="one_staff_per_number")
        ]

    def __str__(self) -> str:
        return self.number
