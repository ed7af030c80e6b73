"""A hospital's staff come from a file: who is new, what differs, and nothing twice."""

from dataclasses import dataclass, field

from accounts.actions.hire import Post, hire_staff
from accounts.models import Licence, Role, Staff, StaffChange
from accounts.roster import Roster
from clinic.actions.assign import Times, assign_department
from clinic.actions.link_doctor import link_doctor
from clinic.models import Assignment, Department
from clinic.reading import Faults, Table
from clinic.staff_file import StaffRow
from common import clock
from common.commands import action, flush, write
from hospitals.models import Hospital

What = StaffChange.What


@dataclass
class Imported:
    """How many lines were new, and what was changed about those that were not."""

    hired: int = 0
    changed: int = 0
    licences: int = 0
    assigned: int = 0
    linked: int = 0


@dataclass
class _There:
    """What the hospital has before the import."""

    hospital: Hospital
    roster: Roster
    staff: dict[str, Staff]
    departments: dict[str, Department]
    licences: dict[tuple[str, str], Licence]  # by staff number and kind
    assigned: set[tuple[str, str]]  # staff number and department code
    done: Imported = field(default_factory=Imported)

    @classmethod
    def locked(cls, hospital: Hospital) -> "_There":
        roster = Roster.locked(hospital=hospital, by=None)
        licences = Licence.objects.filter(hospital=hospital).select_related("staff")
        running = Assignment.objects.not_over(clock.now()).filter(hospital=hospital)
        return cls(
            hospital=hospital,
            roster=roster,
            staff={one.number: one for one in Staff.objects.of_hospital(hospital.pk)},
            departments={one.code: one for one in Department.objects.filter(hospital=hospital)},
            licences={(one.staff.number, one.kind): one for one in licences},
            assigned=set(running.values_list("staff__number", "department__code")),
        )


@action
def import_staff(*, hospital: Hospital, file: str, table: Table[StaffRow]) -> Imported:
    """Everybody of the file works here as it says; who is not in it stays as they are.

    New people have no password: an administrator gives one, or the hospital's own sign-in service
    lets them in. Doctors become those of the directory by number. The same file again changes
    nothing. Raises DirectoryFileFaulty, then nothing is written.
    """
    there = _There.locked(hospital)
    _refuse(there, file=file, table=table)

    for row in table.rows:
        staff = there.staff.get(row.number)
        if staff is None:
            post = Post(number=row.number, name=row.name, role=row.role)
            staff = hire_staff(hospital=hospital, post=post, password=None, by=None)
            there.done.hired += 1
        else:
            _correct(there, staff, row=row)
        _license(there, staff, row=row)
        _assign(there, staff, row=row)
        flush()
        there.done.linked += link_doctor(staff=staff)
    return there.done


def _refuse(there: _There, *, file: str, table: Table[StaffRow]) -> None:
    """What only the hospital's other rows show. Raises DirectoryFileFaulty."""
    faults = Faults(file)
    owners = {(one.kind, one.number): number for (number, _), one in there.licences.items()}
    for line, row in table.numbered():
        known = there.staff.get(row.number)
        if row.department and row.department not in there.departments:
            faults.add(line=line, column="department", reason="unknown_department")
        if known is not None and known.has_left:
            faults.add(line=line, column="number", reason="has_left")
        for kind, number in row.licences:
            if owners.setdefault((kind, number), row.number) != row.number:
                column = (
                    "licence_number" if kind == Licence.Kind.PRACTICE else "qualification_number"
                )
                faults.add(line=line, column=column, reason="somebody_elses")
    _refuse_no_administrator(there, table, faults=faults)
    faults.refuse()


def _refuse_no_administrator(there: _There, table: Table[StaffRow], *, faults: Faults) -> None:
    """A file cannot take the last administrator away."""
    roles = {row.number: row.role for row in table.rows}
    before = {one.number for one in there.staff.values() if one.pk in there.roster.administrators}
    if before and all(roles.get(n, Role.ADMINISTRATOR) != Role.ADMINISTRATOR for n in before):
        faults.add(line=1, column="role", reason="last_administrator")


def _correct(there: _There, staff: Staff, *, row: StaffRow) -> None:
    """Name and role are as the file says."""
    if staff.name != row.name:
        staff.name = row.name
        staff.save(update_fields=["name"])
        there.roster.note(staff, What.NAME)
        there.done.changed += 1
    if staff.role != row.role:
        before, staff.role = staff.role, row.role
        staff.save(update_fields=["role"])
        there.roster.note(staff, What.ROLE, detail=f"{before}→{row.role}")
        there.done.changed += 1


def _license(there: _There, staff: Staff, *, row: StaffRow) -> None:
    """The licences are those of the file; their numbers are in no line about the change."""
    for kind, number in row.licences:
        known = there.licences.get((row.number, kind))
        if known is not None and known.number == number:
            continue
        if known is None:
            write(Licence(hospital=there.hospital, staff=staff, kind=kind, number=number))
        else:
            known.number = number
            known.save(update_fields=["number"])
        there.roster.note(staff, What.LICENCE, detail=kind)
        there.done.licences += 1


def _assign(there: _There, staff: Staff, *, row: StaffRow) -> None:
    """They work in the department of the file, whatever else they have."""
    if not row.department or (row.number, row.department) in there.assigned:
        return
    assign_department(
        staff_id=staff.pk,
        department_id=there.departments[row.department].pk,
        times=Times(since=clock.now()),
        hospital=there.hospital,
        by=None,
    )
    there.done.assigned += 1
