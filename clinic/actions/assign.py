"""Where somebody works is decided, and ended (科室分配、代班)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.errors import ServiceEnded
from accounts.models import Staff, StaffChange
from accounts.roster import Roster
from clinic.errors import (
    AssignedAlready,
    AssignmentTimesWrong,
    AssignmentUnknown,
    DepartmentUnknown,
    StandInRefused,
)
from clinic.models import Assignment, Department
from common import clock
from common.commands import action, write
from hospitals.models import Hospital

LONGEST_STAND_IN = timedelta(days=92)  # a longer absence is an assignment of its own


@dataclass(frozen=True)
class Times:
    """From when until when; without an end it lasts until somebody ends it."""

    since: datetime
    until: datetime | None = None


@action
def assign_department(
    *, staff_id: UUID, department_id: UUID, times: Times, hospital: Hospital, by: Staff | None
) -> Assignment:
    """The staff member works in the department, from when until when.

    Raises NotAdministrator, StaffUnknown, ServiceEnded, DepartmentUnknown, AssignmentTimesWrong,
    AssignedAlready.
    """
    roster = Roster.locked(hospital=hospital, by=by, staff_id=staff_id)
    staff = _in_service(roster, staff_id)
    department = _department(hospital, department_id)
    if times.until is not None and times.until <= max(times.since, clock.now()):
        raise AssignmentTimesWrong
    there = Assignment.objects.not_over(clock.now()).filter(staff=staff, department=department)
    if there.filter(stands_in_for=None).exists():
        raise AssignedAlready(department_id=department_id)

    made = Assignment(
        hospital=hospital,
        staff=staff,
        department=department,
        since=times.since,
        until=times.until,
    )
    write(made)
    roster.note(staff, StaffChange.What.ASSIGNED, detail=department.code)
    return made


@action
def stand_in(
    *, staff_id: UUID, department_id: UUID, for_number: str, times: Times, by: Staff
) -> Assignment:
    """The staff member does a colleague's work in the department until the end, which comes by
    itself (代班).

    Raises NotAdministrator, StaffUnknown, ServiceEnded, DepartmentUnknown, StandInRefused,
    AssignmentTimesWrong.
    """
    now = clock.now()
    roster = Roster.locked(hospital=by.hospital, by=by, staff_id=staff_id)
    staff = _in_service(roster, staff_id)
    department = _department(by.hospital, department_id)
    colleague = Staff.objects.of_hospital(by.hospital_id).working().filter(number=for_number)
    absent = colleague.first()
    if absent is None or absent.pk == staff.pk or absent.role != staff.role:
        raise StandInRefused
    if times.until is None or not max(times.since, now) < times.until:
        raise AssignmentTimesWrong
    if times.until - times.since > LONGEST_STAND_IN:
        raise AssignmentTimesWrong

    made = Assignment(
        hospital=by.hospital,
        staff=staff,
        department=department,
        since=times.since,
        until=times.until,
        stands_in_for=absent,
    )
    write(made)
    roster.note(staff, StaffChange.What.ASSIGNED, detail=f"{department.code} 代 {absent.number}")
    return made


@action
def end_assignment(*, assignment_id: UUID, by: Staff) -> Assignment:
    """From now on the staff member does not work there.

    Raises NotAdministrator, AssignmentUnknown.
    """
    now = clock.now()
    roster = Roster.locked(hospital=by.hospital, by=by)
    running = Assignment.objects.not_over(now).filter(hospital=by.hospital, pk=assignment_id)
    found = running.select_related("staff", "department").first()
    if found is None:
        raise AssignmentUnknown

    found.until = max(now, found.since)
    found.save(update_fields=["until"])
    roster.note(found.staff, StaffChange.What.UNASSIGNED, detail=found.department.code)
    return found


def end_with_service(staff: Staff) -> None:
    """Who has left works in no department, and stands in for nobody; nobody stands in for them."""
    now = clock.now()
    for rows in (
        Assignment.objects.not_over(now).filter(staff=staff),
        Assignment.objects.not_over(now).filter(stands_in_for=staff),
    ):
        rows.filter(since__gt=now).delete()
        rows.update(until=now)


def _in_service(roster: Roster, staff_id: UUID) -> Staff:
    staff = roster.one(staff_id)
    if staff.has_left:
        raise ServiceEnded
    return staff


def _department(hospital: Hospital, department_id: UUID) -> Department:
    found = Department.objects.filter(hospital=hospital, pk=department_id).first()
    if found is None:
        raise DepartmentUnknown
    return found
