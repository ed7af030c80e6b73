"""Live events: announced inside a command, numbered at its end, asked for by `since`.

Waking the readers happens after the commit and may be lost; nothing else may.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import transaction

from common import clock, commands
from common.asking import Purpose
from common.ids import new_id
from common.models import Stream, StreamEvent

RIGHTS = "rights"  # an event that no reader gets: who may follow is asked again at once
MOST_AT_ONCE = 100  # events that one question answers; half of what a reader may have waiting
GROUP = "live"  # every web process listens to this one group and fans out by itself


@dataclass(frozen=True, order=True)
class StreamName:
    """Which stream: `kind` is the noun (queue, ward, pharmacy, day), `subject_id` its key."""

    hospital_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class Event:
    """One event as its readers get it."""

    number: int
    kind: str
    data: dict[str, Any]
    made_at: str
    needs: str = ""


# True: every event of the stream. A set: those that need nothing, or something of the set. Empty
# or False: the stream is closed.
Rights = bool | frozenset[str]

# Who may follow a stream: asked with (account_id, StreamName), at the start, at each event, and
# again every few seconds.
may_follow: Purpose[[UUID, StreamName], Rights] = Purpose("may_follow")

# Which of these logins are still open: "every" login, asked with their keys every few seconds.
open_logins: Purpose[[list[UUID]], set[UUID]] = Purpose("open_logins")


def rights_of(account_id: UUID, stream: StreamName) -> Rights:
    """What an account may hear of a stream now. A kind nobody answers for is closed."""
    return stream.kind in may_follow and may_follow.ask(stream.kind)(account_id, stream)


def is_for(event: Event, rights: Rights) -> bool:
    """Whether a reader with these rights gets the event."""
    if event.kind == RIGHTS or not rights:
        return False
    return rights is True or not event.needs or event.needs in rights


def announce(stream: StreamName, kind: str, *, needs: str = "", **data: object) -> None:
    """Queue an event; its number is given when the command ends, under the stream's lock.

    `needs` names what a reader must be allowed to be told of it; by default to follow is enough.
    """
    command = commands.current()
    if command is None:
        raise RuntimeError("Announcing belongs inside an action.")
    if not command.announced:
        command.last_of_all.append(lambda: _number(command.announced))
    command.announced.append((stream, kind, needs, data))


def _number(queue: list[tuple[StreamName, str, str, dict[str, object]]]) -> None:
    """Give every queued event its number. Streams are locked by key, last of all locks."""
    names = sorted({name for name, *_ in queue})
    rows = sorted((_row(name) for name in names), key=lambda row: row.pk)
    locked = {row.pk: row for row in Stream.objects.filter(pk__in=[r.pk for r in rows]).locked()}
    by_name = {StreamName(r.hospital_id, r.kind, r.subject_id): r for r in locked.values()}
    now = clock.now()
    for name, kind, needs, data in queue:
        row = by_name[name]
        row.last_number += 1
        commands.write(
            StreamEvent(
                id=new_id(),
                stream=row,
                number=row.last_number,
                kind=kind,
                needs=needs,
                data={key: _plain(value) for key, value in data.items()},
                made_at=now,
            )
        )
    for row in locked.values():
        row.save(update_fields=["last_number"])
    keys = [str(row.pk) for row in locked.values()]
    transaction.on_commit(lambda: _wake(keys), robust=True)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _row(name: StreamName) -> Stream:
    found = Stream.objects.filter(
        hospital_id=name.hospital_id, kind=name.kind, subject_id=name.subject_id
    ).first()
    if found is not None:
        return found
    commands.write_unless_there(
        Stream(hospital_id=name.hospital_id, kind=name.kind, subject_id=name.subject_id),
        columns=("hospital_id", "kind", "subject_id"),
    )
    commands.flush()
    return Stream.objects.get(
        hospital_id=name.hospital_id, kind=name.kind, subject_id=name.subject_id
    )


def _wake(keys: Iterable[str]) -> None:
    """Tell the other processes that these streams have news."""
    if has_shared_layer():
        send = async_to_sync(get_channel_layer().group_send)
        send(GROUP, {"type": "news", "streams": list(keys)})


def has_shared_layer() -> bool:
    """Whether a word can reach other processes; without, they look for themselves."""
    layer = get_channel_layer()
    return layer is not None and not isinstance(layer, InMemoryChannelLayer)


def events_since(name: StreamName, since: int, *, most: int = MOST_AT_ONCE) -> list[Event]:
    """The events after number `since`, oldest first, at most `most`."""
    rows = StreamEvent.objects.filter(
        stream__hospital_id=name.hospital_id,
        stream__kind=name.kind,
        stream__subject_id=name.subject_id,
        number__gt=since,
    ).order_by("number")[:most]
    return [Event(r.number, r.kind, r.data, r.made_at.isoformat(), r.needs) for r in rows]


def last_number(name: StreamName) -> int:
    """The number of the newest event, 0 where there is none."""
    row = Stream.objects.filter(
        hospital_id=name.hospital_id, kind=name.kind, subject_id=name.subject_id
    ).first()
    return row.last_number if row else 0
