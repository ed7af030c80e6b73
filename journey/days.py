"""One patient's day: the steps of every app below, in order, within what the reader may know."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from booking.models import Appointment
from common import clock
from hospitals.models import Hospital
from patients.models import Grant, Patient, Relation, Scope
from visits.asking import DayStep, day_steps_from

PLACES = {"done": 0, "missed": 0, "now": 1, "next": 2}  # of a step in the day, then by time
HEARD_LIVE = (Scope.QUEUE, Scope.REPORTS, Scope.INPATIENT)  # each hears its own events alone
MOST_COMING = 10  # of a family; who has come already is among them


@dataclass(frozen=True)
class Day:
    """What one reader may know of one patient's date."""

    on: date
    grant: Grant
    steps: list[DayStep]

    @property
    def patient(self) -> Patient:
        """Whose day it is."""
        return self.grant.patient

    @property
    def can_be_followed(self) -> bool:
        """True where the reader may hear of changes at once (`may_follow` asks the same)."""
        return any(self.grant.allows(scope) for scope in HEARD_LIVE)


def grants_in(account_id: UUID, hospital: Hospital | None = None) -> list[Grant]:
    """The account's people, oneself first, then as they were added; in one hospital or in all."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id)
    if hospital is not None:
        grants = grants.filter(hospital=hospital)
    found = list(grants.select_related("patient", "hospital").order_by("pk"))
    return sorted(found, key=lambda grant: grant.relation != Relation.SELF)


def day_of(grant: Grant, *, on: date) -> Day:
    """The steps of the date that the grant covers: what was, what is, what comes."""
    grant.patient.hospital = grant.hospital
    answers = day_steps_from.ask(grant.patient, on)
    steps = [step for answer in answers for step in answer if grant.allows(step.scope)]
    steps.sort(key=lambda step: (PLACES[step.state], step.at, step.title))
    return Day(on=on, grant=grant, steps=steps)


def coming_appointments(grants: list[Grant], *, today: date) -> list[Appointment]:
    """The next appointments, today's included, of those one may book for; the earliest first."""
    patients = [grant.patient_id for grant in grants if grant.allows(Scope.BOOK)]
    coming = Appointment.objects.live().filter(patient_id__in=patients, visit_on__gte=today)
    rows = coming.select_related("department", "session__room").order_by("begins_at", "pk")
    return list(rows[:MOST_COMING])
