"""What is said: templates as this process remembers them, and the facts of a message."""

from uuid import UUID

from common import clock
from notifications.models import Message, Template
from notifications.words import words_for

REMEMBERED_SECONDS = 2.0  # how stale a process's copy may be
WALL = "%Y-%m-%d %H:%M"  # how a time is told
_remembered: dict[tuple[UUID, str], tuple[float, Template | None]] = {}


def template_of(hospital_id: UUID, code: str) -> Template | None:
    """The hospital's template, at most two seconds old; None where it has none."""
    stamp = clock.monotonic()
    known = _remembered.get((hospital_id, code))
    if known is not None and stamp - known[0] < REMEMBERED_SECONDS:
        return known[1]
    found = Template.objects.filter(hospital_id=hospital_id, code=code).first()
    _remembered[hospital_id, code] = (stamp, found)
    return found


def forget_remembered() -> None:
    """Drop what this process remembers: a template was written."""
    _remembered.clear()


def facts_of(message: Message) -> dict[str, str]:
    """What is true now of what the message tells; raises what the upper app raises."""
    own = {"hospital": message.hospital.name, "told_at": clock.local(clock.now()).strftime(WALL)}
    asked = words_for.ask(message.template)(message) if message.template in words_for else {}
    return own | asked
