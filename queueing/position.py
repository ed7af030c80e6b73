"""How many are ahead, and why that became more."""

from dataclasses import dataclass
from datetime import datetime

from queueing.models import QueueEntry, Ticket

Kind = QueueEntry.Kind


@dataclass(frozen=True)
class Position:
    """What a phone shows. `reason` is the code of the latest change that moved it back, if any."""

    ahead: int
    reason: str
    since: int  # the number of that entry, 0 without
    at: datetime | None


def position_of(ticket: Ticket) -> Position:
    """How many are called before this ticket; it never grows without a newer reason."""
    line = Ticket.objects.filter(hospital_id=ticket.hospital_id, queue_id=ticket.queue_id)
    if ticket.status != Ticket.Status.WAITING:
        ahead = 0
    else:
        ahead = sum(one.rank < ticket.rank for one in line.waiting().only(*RANK))
    entry = _moved_back_by(ticket)
    if entry is None:
        return Position(ahead, "", 0, None)
    return Position(ahead, _reason(entry, ticket=ticket), entry.number, entry.at)


RANK = ("tier", "position", "turn")


def _moved_back_by(ticket: Ticket) -> QueueEntry | None:
    """The latest entry since they came that put somebody before this ticket, or itself behind."""
    entries = QueueEntry.objects.filter(
        hospital_id=ticket.hospital_id,
        queue_id=ticket.queue_id,
        kind__in=(Kind.JOINED, Kind.RETURNED),
    ).order_by("-number")
    for entry in entries:
        if entry.ticket_id == ticket.pk:
            return entry if entry.kind == Kind.RETURNED or entry.reason == "late" else None
        if entry.rank < ticket.rank:
            return entry
    return None


def _reason(entry: QueueEntry, *, ticket: Ticket) -> str:
    """A code of `queueing.words.REASONS`."""
    if entry.ticket_id == ticket.pk:
        return entry.reason
    if entry.kind == Kind.RETURNED:
        return str(Kind.RETURNED)
    return "earlier_slot" if entry.reason in {"", "late"} else entry.reason
