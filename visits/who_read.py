"""Who read my record (谁看过我的病历): the lines of the access log, as the patient sees them.

The patient sees the department and the role, never the name or number of a staff member: that is
the hospital's usual answer at the counter, and keeps staff from being looked for. The line's own
number lets the records office find who it was. See docs/adr/what-is-a-disclosure.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import Role
from clinic.models import Doctor
from common import clock
from hospitals.models import Hospital
from patients.models import AccessLine, AccessLineQuerySet, Grant, Relation, Scope
from visits.words import reason_words, shown_words

FAMILY = "家属"
STAFF = "医院工作人员"
# What family members read of whom is the person's own affair, or the guardian's of a child.
SEES_THE_LOG = (Relation.SELF, Relation.GUARDIAN)


@dataclass(frozen=True)
class ShownLine:
    """One line in words."""

    id: UUID
    at: datetime
    hospital: str
    patient_id: UUID
    is_family: bool
    who: str
    department: str
    shown: str
    shown_code: str
    reason: str
    reason_code: str

    @property
    def number(self) -> str:
        """What the records office finds the line by."""
        return self.id.hex[-8:].upper()


def lines_about(account_id: UUID, hospital: Hospital | None = None) -> AccessLineQuerySet:
    """Every line about the account itself, on joined charts too; none is left out."""
    own = Grant.objects.valid(clock.now()).of_account(account_id)
    own = own.filter(relation__in=SEES_THE_LOG).select_related("patient")
    if hospital is not None:
        own = own.filter(hospital=hospital)
    patients = [one.patient for one in own if one.allows(Scope.REPORTS)]
    charts = {key for one in patients for key in (one.pk, one.joined_to_id) if key is not None}
    about = Q(patient_id__in=charts) | Q(patient__joined_to_id__in=charts)
    return AccessLine.objects.filter(about).select_related("hospital")


def in_words(lines: Iterable[AccessLine]) -> list[ShownLine]:
    """The lines of one page, in three statements whatever their number."""
    rows = list(lines)
    departments = _departments({row.staff_id for row in rows if row.staff_id is not None})
    relations = _relations(rows)
    return [
        _line(
            row,
            department=departments.get(row.staff_id, "") if row.staff_id else "",
            relation=relations.get((row.account_id, row.patient_id), FAMILY),
        )
        for row in rows
    ]


def _line(row: AccessLine, *, department: str, relation: str) -> ShownLine:
    is_family = row.staff_id is None
    role = Role(row.role).label if row.role in Role.values else STAFF
    return ShownLine(
        id=row.pk,
        at=row.at,
        hospital=row.hospital.code,
        patient_id=row.patient_id,
        is_family=is_family,
        who=relation if is_family else role,
        department=department,
        shown=shown_words(row.shown),
        shown_code=row.shown,
        reason=reason_words(row.reason),
        reason_code=row.reason,
    )


def _departments(staff_ids: set[UUID]) -> dict[UUID, str]:
    rows = Doctor.objects.filter(staff_id__in=staff_ids).order_by("pk")
    return dict(rows.values_list("staff_id", "department__name"))


def _relations(rows: list[AccessLine]) -> dict[tuple[UUID | None, UUID], str]:
    """What the reading accounts are to the patients, also where the grant has ended."""
    accounts = {row.account_id for row in rows if row.account_id is not None}
    grants = Grant.objects.filter(
        account_id__in=accounts, patient_id__in={row.patient_id for row in rows}
    ).order_by("pk")
    return {(one.account_id, one.patient_id): one.get_relation_display() for one in grants}
