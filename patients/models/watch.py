"""What the auditor (审计) looks at: searches, what was unusual, and more reading allowed."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from accounts.models import Staff
from common.fields import EncryptedTextField
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models.person import Patient


class RecordSearch(Row):
    """A staff member looked for one person by a whole number; the number itself is not kept."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    has_found = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "staff", "at"], name="search_by_staff")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReadAllowance(Row):
    """Somebody else let a staff member read about more people on one day (临时增加查阅额度)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    more = models.PositiveIntegerField()
    allowed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(purpose="evidence")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(allowed_by=models.F("staff")), name="nobody_allows_themselves"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "staff", "on"], name="allowance_by_staff")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AccessFinding(Moving):
    """Reading that was unusual (异常查阅): a rule, a staff member, a day."""

    class Rule(models.TextChoices):
        """What was unusual, as the auditor reads it."""

        NAMESAKE = "namesake", "查阅同名或同姓人员"
        MANY_PEOPLE = "many_people", "一小时内查阅人数过多"
        OUT_OF_HOURS = "out_of_hours", "非当班时间查阅"
        MANY_BREAK_GLASS = "many_break_glass", "一天内紧急查阅过多"
        MANY_MISSES = "many_misses", "反复查找不存在的号码"
        QUOTA_NEAR = "quota_near", "接近或超过每日查阅上限"
        DECEASED = "deceased", "查阅已故患者"

    class Status(models.TextChoices):
        """What the auditor found."""

        OPEN = "OPEN", "待核查"  # nobody has looked at it
        EXPLAINED = "EXPLAINED", "有合理解释"  # the reading was in order
        CONFIRMED = "CONFIRMED", "确认违规"  # it was not

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.EXPLAINED, Status.CONFIRMED}),
        Status.EXPLAINED: frozenset(),
        Status.CONFIRMED: frozenset(),
    }
    LOCK_KIND = "access finding"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True)
    rule = models.CharField(max_length=20, choices=Rule.choices)
    on = models.DateField()
    count = models.PositiveIntegerField()  # of what the rule counts, when it was found
    dedupe_key = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    closed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    words = EncryptedTextField(purpose="evidence", null=True)

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "dedupe_key"], name="one_finding_per_key"),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | ~models.Q(closed_by=models.F("staff")),
                name="nobody_closes_a_finding_about_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.status}"
