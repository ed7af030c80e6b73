"""A rota becomes sessions, slots and places. Never made by a reader."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from booking.models import Channel, Place, RotaPattern, Session, Slot
from common import clock
from common.commands import action
from common.ids import new_id
from hospitals.models import Hospital
from hospitals.policy import Policy, policy_of

ONLINE_OF_FIVE = 4  # S2-9, S4-12: at least 80 % of places are to be had online


@action
def publish_rota(*, hospital: Hospital, days: Iterable[date]) -> int:
    """Publish the sessions that the weekly patterns ask for on these dates.

    Repeatable: what is already published stays as it is. Who publishes the same rota meanwhile
    waits, and finds it done. Returns how many were new.
    """
    policy = policy_of(hospital.pk, now=clock.now())
    rota = RotaPattern.objects.filter(hospital=hospital).select_related("doctor", "level")
    patterns = list(rota.locked())
    plans = [
        Plan(pattern, day, policy) for day in days for pattern in patterns if works_on(pattern, day)
    ]
    there = set(
        Session.objects.filter(hospital=hospital, on__in={plan.day for plan in plans}).values_list(
            "doctor_id", "begins_at"
        )
    )
    fresh = [plan for plan in plans if (plan.pattern.doctor_id, plan.begins_at) not in there]

    for plan in fresh:
        publish_session(plan)
    return len(fresh)


def works_on(pattern: RotaPattern, day: date) -> bool:
    """True where the pattern covers the date."""
    has_ended = pattern.until_on is not None and day > pattern.until_on
    return day.weekday() == pattern.weekday and day >= pattern.effective_on and not has_ended


@dataclass(frozen=True)
class Plan:
    """One pattern on one date."""

    pattern: RotaPattern
    day: date
    policy: Policy

    @property
    def begins_at(self) -> datetime:
        """The session's beginning."""
        return datetime.combine(self.day, self.pattern.begins, tzinfo=clock.HOSPITAL_ZONE)

    @property
    def ends_at(self) -> datetime:
        """The session's end."""
        return datetime.combine(self.day, self.pattern.ends, tzinfo=clock.HOSPITAL_ZONE)

    def periods(self) -> list[tuple[datetime, datetime]]:
        """The slots' beginnings and ends, each at most `slot_minutes` long."""
        step = timedelta(minutes=self.policy.slot_minutes)
        count = max(1, -(-(self.ends_at - self.begins_at) // step))
        edges = [min(self.begins_at + step * n, self.ends_at) for n in range(count + 1)]
        return list(pairwise(edges))


def publish_session(plan: Plan) -> Session:
    """One session with its slots and places; the places are shared out evenly over the slots."""
    pattern = plan.pattern
    session = Session(
        hospital_id=pattern.hospital_id,
        department_id=pattern.doctor.department_id,
        doctor_id=pattern.doctor_id,
        room_id=pattern.room_id,
        level_id=pattern.level_id,
        on=plan.day,
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        fee_fen=pattern.level.fee_fen,
    )
    slots = [
        Slot(hospital_id=pattern.hospital_id, session=session, begins_at=begins, ends_at=ends)
        for begins, ends in plan.periods()
    ]
    Session.objects.bulk_create([session])
    Slot.objects.bulk_create(slots)
    Place.objects.bulk_create(places_of(slots, total=pattern.places))
    return session


def places_of(slots: list[Slot], *, total: int) -> Iterator[Place]:
    """`total` places, numbered through the session; at least four of five to be had online."""
    for number in range(1, total + 1):
        slot = slots[(number - 1) * len(slots) // total]
        is_online = online_among(number) > online_among(number - 1)
        yield Place(
            id=new_id(),
            hospital_id=slot.hospital_id,
            slot=slot,
            number=number,
            channel=Channel.ONLINE if is_online else Channel.WINDOW,
        )


def online_among(total: int) -> int:
    """How many of so many places are to be had online; a fraction counts as one."""
    return -(-total * ONLINE_OF_FIVE // 5)
