"""What the apps above are asked for when the directory is shown."""

from uuid import UUID

from common import clock
from common.asking import Question

# The departments of a hospital (by id) that have sessions within the horizon.
bookable_departments: Question[[UUID], frozenset[UUID]] = Question("bookable_departments")

REMEMBERED_SECONDS = 5.0  # how stale a process's copy may be
_remembered: dict[UUID, tuple[float, frozenset[UUID]]] = {}


def bookable_in(hospital_id: UUID) -> frozenset[UUID]:
    """The departments that can be booked, at most five seconds old."""
    stamp = clock.monotonic()
    known = _remembered.get(hospital_id)
    if known is not None and stamp - known[0] < REMEMBERED_SECONDS:
        return known[1]
    found = frozenset[UUID]().union(*bookable_departments.ask(hospital_id))
    _remembered[hospital_id] = (stamp, found)
    return found


def forget_bookable() -> None:
    """Drop what this process remembers; for tests, which publish and look at once."""
    _remembered.clear()
