"""What a staff member's work covers now: departments, wards, and colleagues they stand in for."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Staff
from clinic.models import Assignment, Doctor
from common import clock
from hospitals.policy import policy_of


@dataclass(frozen=True)
class Reach:
    """The departments of somebody's work.

    `is_whole_house`: nobody ever assigned them, and the hospital does not require it yet. Then
    wards, desks and queues are open to their role as they are in a house without departments; a
    doctor's care for outpatients never follows from it.
    """

    staff_id: UUID
    departments: frozenset[UUID]
    stands_in_for: frozenset[tuple[UUID, UUID]]  # colleague and department
    is_whole_house: bool

    def covers(self, department_id: UUID) -> bool:
        """Whether they work in this department or on this ward."""
        return self.is_whole_house or department_id in self.departments

    def acts_as(self, staff_id: UUID | None, *, department_id: UUID) -> bool:
        """Whether the work of this colleague in this department is theirs now; their own is."""
        return staff_id == self.staff_id or (staff_id, department_id) in self.stands_in_for

    @property
    def colleagues(self) -> frozenset[UUID]:
        """Themselves, and everybody they stand in for."""
        return frozenset({self.staff_id, *(colleague for colleague, _ in self.stands_in_for)})


def reach_of(staff: Staff) -> Reach:
    """What is covered at this moment, in two statements; a stand-in is over by itself."""
    now = clock.now()
    rows = list(Assignment.objects.filter(staff=staff))
    current = [row for row in rows if row.since <= now and (row.until is None or row.until > now)]
    own = Doctor.objects.filter(staff=staff).values_list("department_id", flat=True)
    required = policy_of(staff.hospital_id, now=now).assignments_required
    return Reach(
        staff_id=staff.pk,
        departments=frozenset({*own, *(row.department_id for row in current)}),
        stands_in_for=frozenset(
            (row.stands_in_for_id, row.department_id) for row in current if row.stands_in_for_id
        ),
        is_whole_house=not rows and not required,
    )
