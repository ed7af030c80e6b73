"""How often a person may come: the caps of the hospital's policy (S4-33, S4-34, Q5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from booking.errors import AlreadyBooked, TooManyVisits, UnverifiedLimit
from booking.models import Appointment, Channel, Slot
from common import clock
from hospitals.policy import Policy
from patients.errors import PatientDeceased
from patients.models import Patient, Person
from patients.people import counted_with

WEEK = 7


@dataclass(frozen=True)
class Visit:
    """What a limit looks at."""

    on: date
    department_id: UUID
    session_id: UUID


def visits_near(person: Person, day: date) -> list[Visit]:
    """The counted visits within six days of a date, in every hospital, of a locked person.

    Those of a person who waits for a merge review with them count too.
    """
    near = timedelta(days=WEEK - 1)
    rows = (
        Appointment.objects.counted()
        .filter(counted_with(person), visit_on__range=(day - near, day + near))
        .values_list("visit_on", "department_id", "session_id")
    )
    return [Visit(*row) for row in rows]


def refuse_broken_limits(*, person: Person, slot: Slot, policy: Policy) -> None:
    """Refuse a visit that would break a cap. The person must be locked.

    Raises PatientDeceased, AlreadyBooked, TooManyVisits.
    """
    if person.deceased_at is not None:
        raise PatientDeceased
    session = slot.session
    visits = visits_near(person, session.on)
    if any(visit.session_id == session.pk for visit in visits):
        raise AlreadyBooked(session_id=session.pk)
    that_day = [visit for visit in visits if visit.on == session.on]
    same = [visit for visit in visits if visit.department_id == session.department_id]
    same_day = [visit for visit in same if visit.on == session.on]
    if len(that_day) >= policy.most_visits_a_day:
        raise TooManyVisits(rule="a_day", most=policy.most_visits_a_day, on=session.on)
    if len(same_day) >= policy.most_same_department_a_day:
        most = policy.most_same_department_a_day
        raise TooManyVisits(rule="same_department_a_day", most=most, on=session.on)
    busiest = most_in_seven_days((visit.on for visit in same), around=session.on)
    if busiest >= policy.most_same_department_in_seven_days:
        most = policy.most_same_department_in_seven_days
        raise TooManyVisits(rule="same_department_in_seven_days", most=most, on=session.on)


def refuse_unverified(
    patient: Patient, *, person: Person, channel: Channel, policy: Policy
) -> None:
    """Refuse a further online booking before anybody saw a document. The person must be locked.

    A document that is declared void a moment later counts from the next booking on.

    Raises UnverifiedLimit.
    """
    if patient.is_verified or channel != Channel.ONLINE:
        return
    live = Appointment.objects.to_displace().filter(
        counted_with(person), channel=Channel.ONLINE, begins_at__gt=clock.now()
    )
    if live.count() >= policy.unverified_bookings:
        raise UnverifiedLimit(rule="unverified_bookings", most=policy.unverified_bookings)


def most_in_seven_days(days: Iterable[date], *, around: date) -> int:
    """The most visits in any seven consecutive dates that contain `around`."""
    listed = list(days)
    starts = [around - timedelta(days=back) for back in range(WEEK)]
    return max(
        sum(start <= day < start + timedelta(days=WEEK) for day in listed) for start in starts
    )
