"""The doctor calls (叫号): next, again; who does not come has missed it."""

from uuid import UUID

from accounts.models import Staff
from booking.models import Appointment
from clinic.models import Room
from common import clock
from common.commands import action
from notifications.actions.promise import promise_message
from notifications.actions.withdraw import withdraw_messages
from queueing.actions.note import WORTH_SAYING, By, note, tell_line
from queueing.desks import may_work_at
from queueing.errors import NobodyWaits, NotYourQueue, QueueUnknown, RoomOccupied, TicketUnknown
from queueing.models import Queue, QueueEntry, Ticket
from queueing.words import TURN_NEAR, YOUR_TURN


@action
def call_next(*, queue_id: UUID, staff: Staff, room: Room | None = None) -> Ticket:
    """Call who is first in line to the room (the queue's own unless told).

    Of two desks that press at once each calls another patient, or one is told that the room is
    occupied. Raises QueueUnknown, NotYourQueue, RoomOccupied, NobodyWaits.
    """
    queue = locked_queue(queue_id, staff=staff)
    where = room or queue.room
    if Ticket.objects.in_rooms().filter(hospital=queue.hospital_id, called_room=where).exists():
        raise RoomOccupied(room_id=where.pk)
    waiting = Ticket.objects.of(queue).waiting()
    stopped = waiting.exclude(appointment__status=Appointment.Status.ARRIVED)
    gone = list(stopped.values_list("pk", flat=True))
    first = waiting.exclude(pk__in=gone).in_order().values_list("pk", flat=True).first()
    if first is None:
        raise NobodyWaits(queue_id=queue_id)
    locked = list(Ticket.objects.filter(pk__in=[*gone, first]).locked())

    by = By(staff=staff)
    for ticket in locked:
        if ticket.pk != first:
            ticket.move_to(Ticket.Status.LEFT)
            note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.LEFT, by=by, reason="stopped")
    called = next(ticket for ticket in locked if ticket.pk == first)
    called.move_to(Ticket.Status.CALLED, called_room=where)
    _say_called(queue, ticket=called, kind=QueueEntry.Kind.CALLED, by=by)
    tell_line(queue=queue)
    return called


@action
def call_again(*, ticket_id: UUID, staff: Staff) -> Ticket:
    """Call the same patient once more (重呼).

    Raises TicketUnknown, NotYourQueue, NobodyWaits.
    """
    queue, ticket = locked_ticket(ticket_id, staff=staff)
    if ticket.status != Ticket.Status.CALLED:
        raise NobodyWaits(queue_id=queue.pk)

    _say_called(queue, ticket=ticket, kind=QueueEntry.Kind.CALLED_AGAIN, by=By(staff=staff))
    return ticket


def _say_called(queue: Queue, *, ticket: Ticket, kind: str, by: By) -> None:
    """Enter the call and owe the patient the words."""
    entry = note(queue=queue, ticket=ticket, kind=kind, by=by)
    withdraw_messages(about=ticket, templates=(TURN_NEAR,))
    promise_message(
        template=YOUR_TURN,
        patient=ticket.patient,
        about=ticket,
        key=str(entry.number),
        expires_at=clock.now() + WORTH_SAYING,
    )


@action
def mark_missed(*, ticket_id: UUID, staff: Staff) -> Ticket:
    """The patient did not come when called (过号); checking in again puts them back in line.

    Raises TicketUnknown, NotYourQueue, MoveRefused.
    """
    queue, ticket = locked_ticket(ticket_id, staff=staff)

    ticket.move_to(Ticket.Status.MISSED)
    note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.MISSED, by=By(staff=staff))
    return ticket


@action
def admit_to_room(*, ticket_id: UUID, staff: Staff) -> Ticket:
    """The called patient is with the doctor (就诊中).

    Raises TicketUnknown, NotYourQueue, MoveRefused.
    """
    queue, ticket = locked_ticket(ticket_id, staff=staff)

    ticket.move_to(Ticket.Status.IN_ROOM)
    note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.ADMITTED, by=By(staff=staff))
    withdraw_messages(about=ticket, templates=(YOUR_TURN,))
    return ticket


@action
def leave_queue(*, ticket_id: UUID, staff: Staff) -> Ticket:
    """The patient went home without having been seen (离开).

    Raises TicketUnknown, NotYourQueue, MoveRefused.
    """
    queue, ticket = locked_ticket(ticket_id, staff=staff)

    ticket.move_to(Ticket.Status.LEFT)
    note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.LEFT, by=By(staff=staff), reason="gone")
    withdraw_messages(about=ticket)
    tell_line(queue=queue)
    return ticket


def locked_queue(queue_id: UUID, *, staff: Staff) -> Queue:
    """The queue, locked, if it is theirs to call from. Raises QueueUnknown, NotYourQueue."""
    queues = Queue.objects.filter(hospital_id=staff.hospital_id, pk=queue_id)
    queue = queues.locked().select_related("room", "session__doctor").first()
    if queue is None:
        raise QueueUnknown(queue_id=queue_id)
    refuse_other_doctor(queue, staff=staff)
    return queue


def refuse_other_doctor(queue: Queue, *, staff: Staff) -> None:
    """A doctor calls from their own session or one they stand in for; the triage desk from those
    of its departments. Raises NotYourQueue.
    """
    if not may_work_at(queue.session, staff=staff):
        raise NotYourQueue(queue_id=queue.pk)


def locked_ticket(ticket_id: UUID, *, staff: Staff) -> tuple[Queue, Ticket]:
    """A ticket with its queue, both locked, in order. Raises TicketUnknown, NotYourQueue."""
    tickets = Ticket.objects.filter(hospital_id=staff.hospital_id, pk=ticket_id)
    queue_id = tickets.values_list("queue_id", flat=True).first()
    if queue_id is None:
        raise TicketUnknown(ticket_id=ticket_id)
    queue = locked_queue(queue_id, staff=staff)
    return queue, tickets.locked().select_related("called_room", "patient").get()
