"""What was done goes into the log, to the screens and to those whose turn is near."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Account, Staff
from common import clock
from common.commands import action, write
from common.live import announce
from notifications.actions.promise import promise_message
from patients.models import Scope
from queueing.models import Queue, QueueEntry, Ticket
from queueing.words import TURN_NEAR

NEAR = 2  # told when so many are ahead
FOLLOWED_LIVE = 5  # so many of the line hear of each change at once; the others ask now and then
WORTH_SAYING = timedelta(minutes=30)


@dataclass(frozen=True)
class By:
    """Who did it: a staff member, or an account of the family."""

    staff: Staff | None = None
    account: Account | None = None


def next_turn(queue: Queue) -> int:
    """The number of the next entry. The queue must be locked."""
    entries = QueueEntry.objects.filter(hospital_id=queue.hospital_id, queue=queue)
    last = entries.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@action
def note(
    *, queue: Queue, ticket: Ticket, kind: str, by: By, reason: str = "", places_back: int = 0
) -> QueueEntry:
    """Enter what was done to a ticket of the locked queue, and tell the screens."""
    entry = QueueEntry(
        hospital_id=queue.hospital_id,
        queue=queue,
        ticket=ticket,
        number=next_turn(queue),
        kind=kind,
        staff=by.staff,
        account=by.account,
        reason=reason,
        room_id=ticket.called_room_id if kind != QueueEntry.Kind.JOINED else None,
        tier=ticket.tier,
        position=ticket.position,
        turn=ticket.turn,
        places_back=places_back,
        at=clock.now(),
    )
    write(entry)
    shown = _shown(ticket, kind=kind)
    announce(queue.stream, shown, ticket=ticket.label, room=_room(ticket), ticket_id=ticket.pk)
    announce(ticket.day_stream, shown, needs=Scope.QUEUE, ticket=ticket.label, room=_room(ticket))
    return entry


def _shown(ticket: Ticket, *, kind: str) -> str:
    """The event's kind: a call that is repeated is heard as a call."""
    return str(QueueEntry.Kind.CALLED) if ticket.status == Ticket.Status.CALLED else str(kind)


def _room(ticket: Ticket) -> str:
    return ticket.called_room.name if ticket.called_room else ""


@action
def tell_line(*, queue: Queue) -> None:
    """Whose place in line changed hears of it; who has two ahead is told to come near, once."""
    now = clock.now()
    line = list(Ticket.objects.of(queue).waiting().in_order()[:FOLLOWED_LIVE])

    for ahead, ticket in enumerate(line):
        announce(ticket.day_stream, "position", needs=Scope.QUEUE, ticket=ticket.label)
        if ahead <= NEAR and ticket.told_near_at is None:
            Ticket.objects.filter(pk=ticket.pk).update(told_near_at=now)
            promise_message(
                template=TURN_NEAR,
                patient=ticket.patient,
                about=ticket,
                expires_at=now + WORTH_SAYING,
            )
