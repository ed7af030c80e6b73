"""Where in line: a pure rule, so that the log can be replayed with it.

Emergencies first; then by the time of the slot, the late after those of the hour in which they
come, priority (优先) before those of their hour; who missed a call goes back some places.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from common import clock

MOST_NUMBERS = 10_000  # places of one session
EMERGENCY_TIER, USUAL_TIER = 0, 1


class Rank(NamedTuple):
    """Smaller is earlier: tier, then position in the day, then the log entry that gave it."""

    tier: int
    position: int
    turn: int


def position_at(at: datetime, number: int) -> int:
    """The place in the day of who is due at `at` with this number."""
    return int(at.timestamp()) // 60 * MOST_NUMBERS + min(number, MOST_NUMBERS - 1)


def hour_of(at: datetime) -> datetime:
    """When the hour of `at` began, on the hospital's wall."""
    return clock.local(at).replace(minute=0, second=0, microsecond=0)


def usual_rank(*, begins_at: datetime, number: int, turn: int) -> Rank:
    """By the slot and its number: who came on time."""
    return Rank(USUAL_TIER, position_at(begins_at, number), turn)


def late_rank(*, now: datetime, turn: int) -> Rank:
    """After those of the hour in which they come, in the order of coming."""
    last_minute = hour_of(now) + timedelta(minutes=59)
    return Rank(USUAL_TIER, position_at(last_minute, MOST_NUMBERS), turn)


def priority_rank(*, due_at: datetime, turn: int) -> Rank:
    """Before those of their hour."""
    return Rank(USUAL_TIER, position_at(hour_of(due_at), 0), turn)


def emergency_rank(*, now: datetime, turn: int) -> Rank:
    """Before everybody, in the order of coming."""
    return Rank(EMERGENCY_TIER, position_at(now, 0), turn)


def moved_back(own: Rank, *, line: Sequence[Rank], places: int, turn: int) -> Rank:
    """Behind the `places`-th of those who wait (and whoever was moved there before); at the end
    of a shorter line. Never ahead of `own`.
    """
    if not line or places < 1:
        return own
    behind = sorted(line)[min(places, len(line)) - 1]
    return max(own, Rank(behind.tier, behind.position, turn))
