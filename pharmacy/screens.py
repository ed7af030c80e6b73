"""What the pharmacy's screens and the phone show, and the lines that say who saw it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.models import Account, Staff
from common import clock
from hospitals.models import Hospital
from patients.access import show_record
from patients.models import Grant, Patient, Relation, Scope
from pharmacy.errors import PrescriptionUnknown
from pharmacy.models import Prescription
from pharmacy.words import BADGES, Status

SHOWN = "prescription"  # of an access line
REASON = "pharmacy"  # the care relation: it is prescribed here
MOST_SHOWN = 200
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("待配药", (Status.PAID,)),
    ("配药中", (Status.PREPARING,)),
    ("待取药", (Status.READY,)),
    ("待缴费", (Status.ISSUED,)),
)
DONE = "今日已办"


@dataclass(frozen=True)
class Row:
    """One line of the pharmacist's list."""

    prescription: Prescription
    drugs: int

    @property
    def badge(self) -> str:
        """Kind of the status's badge."""
        return BADGES[self.prescription.status]


def counter_groups(staff: Staff) -> list[dict[str, Any]]:
    """Today's prescriptions by what is to be done, who waits longest first; names shortened."""
    found = (
        Prescription.objects.filter(hospital=staff.hospital)
        .at_the_counter(_midnight())
        .select_related("patient")
        .annotate(drug_count=Count("lines"))
        .order_by("-changed_at", "-id")[:MOST_SHOWN]
    )
    rows = [Row(prescription=one, drugs=getattr(one, "drug_count", 0)) for one in reversed(found)]
    groups = [
        {"title": title, "rows": [row for row in rows if row.prescription.status in statuses]}
        for title, statuses in GROUPS
    ]
    done = [row for row in rows if not row.prescription.is_live]
    return [*groups, {"title": DONE, "rows": done[::-1]}]


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time(0, 0), tzinfo=clock.HOSPITAL_ZONE)


def opened(prescription_id: UUID, *, staff: Staff) -> Prescription:
    """The prescription as a pharmacist opens it, who leaves a line. Raises PrescriptionUnknown."""
    prescription = (
        Prescription.objects.filter(hospital=staff.hospital, pk=prescription_id)
        .select_related("patient", "visit__department", "visit__doctor")
        .first()
    )
    if prescription is None:
        raise PrescriptionUnknown(prescription_id=prescription_id)
    show_record(staff=staff, patients=[prescription.patient], shown=SHOWN, reason=REASON)
    return prescription


def age_of(patient: Patient) -> int:
    """In full years, today."""
    today, born = clock.today(), patient.born_on
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True)
class OnPhone:
    """A prescription as the patient or the family sees it."""

    prescription: Prescription
    shows_drugs: bool

    @property
    def badge(self) -> str:
        """Kind of the status's badge."""
        return BADGES[self.prescription.status]

    @property
    def steps(self) -> list[dict[str, str]]:
        """开方, 缴费, 配药, 取药, as far as it has come."""
        if not self.prescription.is_live and self.prescription.status != Status.HANDED_OVER:
            return []
        titles = ("医生开方", "缴费", "药房配药", "取药")
        reached = {
            Status.ISSUED: 1,
            Status.PAID: 2,
            Status.PREPARING: 2,
            Status.READY: 3,
            Status.HANDED_OVER: 4,
        }[Status(self.prescription.status)]
        states = ["done" if n < reached else "next" for n in range(len(titles))]
        if reached < len(titles):
            states[reached] = "now"
        return [
            {"state": state, "title": title} for state, title in zip(states, titles, strict=True)
        ]


def prescriptions_of(account: Account, hospital: Hospital) -> list[OnPhone]:
    """The newest prescriptions of everybody for whom the account collects, with their lines.

    Which drugs they are is shown only to whom the patient shows results. Who looks for somebody
    else leaves a line.
    """
    grants = Grant.objects.valid(clock.now()).of_account(account.pk).filter(hospital=hospital)
    mine = {grant.patient_id: grant for grant in grants if grant.allows(Scope.QUEUE)}
    rows = list(
        Prescription.objects.filter(hospital=hospital)
        .of_patients(mine)
        .exclude(status=Status.REPLACED)
        .select_related("patient")
        .prefetch_related("lines")
        .order_by("-id")[:MOST_ON_PHONE]
    )
    others = [r.patient for r in rows if mine[r.patient_id].relation != Relation.SELF]
    if others:
        show_record(account_id=account.pk, patients=others, shown=SHOWN, reason="family")
    return [
        OnPhone(prescription=row, shows_drugs=mine[row.patient_id].allows(Scope.REPORTS))
        for row in rows
    ]


MOST_ON_PHONE = 20
