"""The directory of one hospital."""

from collections.abc import Set
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Staff
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital


class Institution(Row):
    """Another institution (医疗机构) that the hospital knows: a register of partners, no tenant."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    register = models.CharField(max_length=20)  # which list it came from: "beijing", "grade3a"
    code = models.CharField(max_length=400)  # its code in that list, else its name and address
    name = models.CharField(max_length=200)
    rank = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    longitude = models.FloatField(null=True)  # WGS84
    latitude = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "register", "code"], name="one_institution_per_code"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Specialty(Row):
    """诊疗科目, keyed by code and edition: 12.01 to 12.06 exist in two editions."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=10)
    edition = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    parent_code = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "code", "edition"], name="one_specialty_per_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


AFTER_EVERY_POSITION = 1_000_000_000


class DepartmentQuerySet(RowQuerySet["Department"]):
    """Departments in the order they are shown."""

    def with_rank(self, *, bookable: Set[UUID]) -> "DepartmentQuerySet":
        """Each with `rank`: those of `bookable` before the others, else by position."""
        last = models.Case(
            models.When(pk__in=bookable, then=0),
            default=AFTER_EVERY_POSITION,
            output_field=models.BigIntegerField(),
        )
        return self.annotate(rank=last + models.F("position"))


DepartmentManager = models.Manager.from_queryset(DepartmentQuerySet)


class Department(Row):
    """科室."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)  # 大类: 内科, 外科, …
    position = models.PositiveIntegerField(default=0)  # its place in lists

    objects: ClassVar[DepartmentManager["Department"]] = DepartmentManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_department_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class Title(Row):
    """职称: what a doctor may be called; position 1 is the highest."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=20)  # 主任医师, 副主任医师, …
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_title_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class Doctor(Row):
    """医生. The name is published (S4-20), so it is not encrypted; `staff` is their login."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, null=True)
    number = models.CharField(max_length=20)  # 工号
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=20)  # 职称: 主任医师, 副主任医师, 主治医师, 住院医师

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "number"], name="one_doctor_per_number")
        ]

    def __str__(self) -> str:
        return self.number


class Room(Row):
    """诊室, 窗口, 检查室: a place that a patient is sent to."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)  # 301诊室
    place = models.CharField(max_length=100, blank=True)  # 门诊楼3层东区

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_room_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class RegistrationLevel(Row):
    """号别 with its fee."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=20)  # 普通号, 专家号
    fee_fen = models.PositiveIntegerField()
    places_per_session = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_level_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class PriceItem(Row):
    """价目: what an order costs."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    price_fen = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_price_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class Bed(Row):
    """床位 of a ward. Who lies in it is the one occupant column, given by `claim_one`."""

    LOCK_KIND = "bed"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    ward = models.ForeignKey(Department, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    admission_id = models.UUIDField(null=True)  # inpatient stands above; see its constraint

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "ward", "number"], name="one_bed_per_number"
            ),
            models.UniqueConstraint(
                fields=["hospital", "admission_id"], name="one_bed_per_admission"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class AssignmentQuerySet(RowQuerySet["Assignment"]):
    """Assignments by time."""

    def at(self, now: datetime) -> "AssignmentQuerySet":
        """Those that count at a moment; they begin and end by themselves."""
        open_end = models.Q(until=None) | models.Q(until__gt=now)
        return self.filter(open_end, since__lte=now)

    def not_over(self, now: datetime) -> "AssignmentQuerySet":
        """Those that count now or will."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=now))


AssignmentManager = models.Manager.from_queryset(AssignmentQuerySet)


class Assignment(Row):
    """A staff member works in a department or on a ward (科室分配), from when until when.

    A stand-in (代班) names whom they stand in for and always has an end.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    stands_in_for = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="stood_in_by"
    )

    objects: ClassVar[AssignmentManager["Assignment"]] = AssignmentManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(stands_in_for=None) | models.Q(until__isnull=False),
                name="stand_in_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["staff", "department"],
                condition=models.Q(until=None),
                name="one_lasting_assignment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.department_id}"
