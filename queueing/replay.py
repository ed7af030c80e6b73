"""Invariant 4 by the log alone: whom each call had to call."""

from uuid import UUID

from queueing.models import Queue, QueueEntry
from queueing.ranking import Rank, moved_back

Kind = QueueEntry.Kind


def log_of(queue: Queue) -> list[QueueEntry]:
    """Everything that was done to the queue, in order."""
    return list(
        QueueEntry.objects.filter(hospital_id=queue.hospital_id, queue=queue).order_by("number")
    )


def called_order(log: list[QueueEntry]) -> list[UUID]:
    """Whom the calls did call, in order."""
    return [entry.ticket_id for entry in log if entry.kind == Kind.CALLED]


def recompute_order(queue: Queue) -> list[UUID]:
    """Whom the calls had to call: replayed from who joined, returned and left, and at which rank.

    The rank of a return is computed again, not read. Tickets' own rows are not looked at.
    """
    return replayed(log_of(queue))


def replayed(log: list[QueueEntry]) -> list[UUID]:
    """As `recompute_order`, from the entries."""
    line: dict[UUID, Rank] = {}
    last: dict[UUID, Rank] = {}
    order: list[UUID] = []
    for entry in log:
        if entry.kind == Kind.JOINED:
            line[entry.ticket_id] = entry.rank
        elif entry.kind == Kind.RETURNED:
            line[entry.ticket_id] = moved_back(
                last[entry.ticket_id],
                line=list(line.values()),
                places=entry.places_back,
                turn=entry.number,
            )
        elif entry.kind == Kind.LEFT:
            line.pop(entry.ticket_id, None)
        elif entry.kind == Kind.CALLED and line:
            first = min(line, key=lambda ticket_id: line[ticket_id])
            last[first] = line.pop(first)
            order.append(first)
    return order
