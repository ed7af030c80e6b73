"""The rules that differ between hospitals, typed, with the sources of their usual values."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from common import clock
from hospitals.models import PolicyVersion

# RFC 1918 and 4193: a hospital's own network, unless it names its addresses.
PRIVATE_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)


@dataclass(frozen=True)
class Policy:
    """One hospital's rules as they stand on one date."""

    slot_minutes: int = 30  # S0-2, S4-15: at most 30 in a grade-3 hospital
    horizon_days: int = 14  # S4-31
    online_closes_days_before: int = 1  # S4-32: the day before …
    online_closes_at: str = "15:00"  # … at 15:00
    cancel_days_before: int = 1  # S4-43, reading of Q4: until the end of the day before
    hold_minutes: int = 15  # an unpaid hold (DESIGN 4)
    most_visits_a_day: int = 2  # S4-33
    most_same_department_a_day: int = 1  # S4-33
    most_same_department_in_seven_days: int = 3  # S4-34, reading of Q5: by date of visit
    check_in_minutes_before: int = 30  # domain 4.5: arrive 30 minutes early
    late_grace_minutes: int = 30
    missed_call_moves_back: int = 5  # domain 4.5: 过号, back five places
    prescription_valid_days: int = 1  # S4: the day of issue; at most 3
    unverified_bookings: int = 1  # domain 4.1: live online bookings before anybody saw a document
    show_doctor_name: bool = True  # Q2
    badge_idle_minutes: int = 10  # a shared tablet that nobody touches is nobody's
    deposit_asked_fen: int = 100_000  # domain 4.8: within the published cap
    inside_networks: Sequence[str] = PRIVATE_NETWORKS  # who reads from elsewhere: second factor
    assignments_required: bool = False  # who has no department yet keeps wards, desks and queues
    second_factor_minutes: int = 10  # how long a code lets on to refunds, exports, stop-clinic
    people_a_day_in_care: int = 500  # records one of those who treat is shown, then an alarm
    people_a_day_in_offices: int = 200  # records an office is shown, then a refusal

    def online_closes(self, starts_at: datetime) -> datetime:
        """When online booking of a slot ends; with 0 days before, when the slot begins."""
        if self.online_closes_days_before == 0:
            return starts_at
        day = clock.local(starts_at).date() - timedelta(days=self.online_closes_days_before)
        return _at(day, time.fromisoformat(self.online_closes_at))

    def cancel_until(self, starts_at: datetime) -> datetime:
        """Until when a visit may be cancelled; with 0 days before, until it begins."""
        if self.cancel_days_before == 0:
            return starts_at
        day = clock.local(starts_at).date() - timedelta(days=self.cancel_days_before - 1)
        return _at(day, time(0, 0))

    def is_inside(self, address: str) -> bool:
        """Whether an address belongs to the hospital; what is no address does not."""
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        return any(asked in ip_network(network) for network in self.inside_networks)

    def last_day(self, today: date) -> date:
        """The last date that can be booked today."""
        return today + timedelta(days=self.horizon_days)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.HOSPITAL_ZONE)


NAMES = frozenset(field.name for field in fields(Policy))
REMEMBERED_SECONDS = 1.0  # how stale a process's copy may be
_remembered: dict[UUID, tuple[float, date, Policy]] = {}


def policy_of(hospital_id: UUID, *, now: datetime) -> Policy:
    """The hospital's rules today, at most a second old."""
    today = clock.local(now).date()
    stamp = clock.monotonic()
    known = _remembered.get(hospital_id)
    if known is not None and known[1] == today and stamp - known[0] < REMEMBERED_SECONDS:
        return known[2]
    version = PolicyVersion.objects.filter(hospital_id=hospital_id).in_force(today).first()
    policy = Policy(**_known(version.values if version else {}))
    _remembered[hospital_id] = (stamp, today, policy)
    return policy


def forget_policies() -> None:
    """Drop what this process remembers; for tests, whose hospitals vanish."""
    _remembered.clear()


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - NAMES
    if unknown:
        raise ValueError(f"The policy has rows that nothing reads: {sorted(unknown)}.")
    return values
