"""The staff (职工) of the hospitals, and what was ever changed about them."""

from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.db import models

from accounts.models.account import Account
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital


class Role(models.TextChoices):
    """What a staff member does (角色). docs/staff-rights.md says what each may open."""

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


class StaffQuerySet(RowQuerySet["Staff"]):
    """Staff by what is true of them."""

    def of_hospital(self, hospital_id: UUID) -> "StaffQuerySet":
        """Those of one hospital, whether they still work there or not."""
        return self.filter(hospital_id=hospital_id)

    def working(self) -> "StaffQuerySet":
        """Those who have not left."""
        return self.filter(ended_at=None, account__is_active=True)

    def administrators(self) -> "StaffQuerySet":
        """Those who decide who works here."""
        return self.filter(role=Role.ADMINISTRATOR)


StaffManager = models.Manager.from_queryset(StaffQuerySet)


class Staff(Row):
    """A staff member (职工) of one hospital, with one role; who has two jobs has two numbers.

    One role a row: no page of the house needs two, and a right that is looked up in one column
    cannot be a mixture that nobody decided.
    """

    LOCK_KIND = "staff"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.OneToOneField(Account, on_delete=models.PROTECT)
    number = models.CharField(max_length=20)  # 工号
    name = EncryptedTextField(purpose="person")
    role = models.CharField(max_length=20, choices=Role.choices)
    ended_at = models.DateTimeField(null=True)  # left (离职): the account is locked since then
    password_until = models.DateTimeField(null=True)  # one-time: must be changed, good until then

    objects: ClassVar[StaffManager["Staff"]] = StaffManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "number"], name="one_staff_per_number")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def has_left(self) -> bool:
        """Whether the service has ended."""
        return self.ended_at is not None


class Licence(Row):
    """A staff member's licence (执业证书), as the import told it (S4-20).

    Encrypted: a 医师资格证书编码 holds the doctor's own identity number.
    """

    class Kind(models.TextChoices):
        """Which certificate it is."""

        PRACTICE = "practice", "执业证书编码"  # doctors, nurses, pharmacists
        QUALIFICATION = "qualification", "资格证书编码"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = EncryptedTextField(purpose="person")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["staff", "kind"], name="one_licence_of_a_kind")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class StaffChangeQuerySet(RowQuerySet["StaffChange"]):
    """Lines that stay as they were written."""

    def of_hospital(self, hospital_id: UUID) -> "StaffChangeQuerySet":
        """Those of one hospital, the newest first."""
        return self.filter(hospital_id=hospital_id).order_by("-at", "-pk")

    def update(self, **_changes: Any) -> NoReturn:
        """Never."""
        raise TypeError("A line about a change stays as it was written.")

    def delete(self) -> NoReturn:
        """Never."""
        raise TypeError("A line about a change is never deleted.")


StaffChangeManager = models.Manager.from_queryset(StaffChangeQuerySet)


class StaffChange(Row):
    """Who changed what about whom, and when (人员变更). Never changed, never deleted."""

    class What(models.TextChoices):
        """What was done."""

        HIRED = "hired", "入职"
        RETURNED = "returned", "复职"
        ENDED = "ended", "离职"
        ROLE = "role", "变更岗位"
        PASSWORD = "password", "重置密码"
        OWN_PASSWORD = "own_password", "本人修改密码"
        FACTOR = "factor", "绑定动态口令"
        FACTOR_REMOVED = "factor_removed", "解除动态口令"
        ASSIGNED = "assigned", "分配科室"
        UNASSIGNED = "unassigned", "取消科室"
        LICENCE = "licence", "登记执业证书"
        NAME = "name", "更正姓名"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=20, choices=What.choices)
    detail = models.CharField(max_length=100, blank=True)  # codes alone: "nurse→doctor", "SFBQ"
    at = models.DateTimeField()

    objects: ClassVar[StaffChangeManager["StaffChange"]] = StaffChangeManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "at"], name="staff_changes_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.what}"

    @property
    def said(self) -> str:
        """The detail as people read it: roles by their names."""
        labels = dict(Role.choices)
        return "→".join(labels.get(part, part) for part in self.detail.split("→"))

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never: `write` inserts it."""
        raise TypeError("A line about a change is written once, with its command.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        raise TypeError("A line about a change is never deleted.")
