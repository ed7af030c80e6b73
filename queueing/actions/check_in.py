"""A patient arrives (签到), or comes back after a missed call."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Account, Staff
from booking.errors import AppointmentUnknown
from booking.models import Appointment
from common import clock
from common.commands import action, write
from hospitals.policy import Policy, policy_of
from patients.models import Patient
from queueing.actions.note import By, next_turn, note, tell_line
from queueing.actions.open import open_queue
from queueing.errors import NotExpected, NotPaid, TooEarly, TooLate
from queueing.models import Priority, Queue, QueueEntry, Ticket
from queueing.ranking import (
    Rank,
    emergency_rank,
    late_rank,
    moved_back,
    priority_rank,
    usual_rank,
)
from visits.actions.visit import begin_visit

EXPECTED = (Appointment.Status.BOOKED, Appointment.Status.MISSED)


@action
def check_in(
    *,
    appointment_id: UUID,
    patient: Patient,
    account: Account | None = None,
    staff: Staff | None = None,
    priority: str = Priority.NONE,
) -> Ticket:
    """The patient is here: the visit begins, with a ticket in the session's queue.

    Again it is the same ticket; after a missed call it goes back in line, some places behind.
    Raises AppointmentUnknown, NotPaid, NotExpected, TooEarly, TooLate.
    """
    now = clock.now()
    appointments = Appointment.objects.filter(hospital_id=patient.hospital_id, patient=patient)
    appointment = (
        appointments.locked().select_related("session", "slot").filter(pk=appointment_id).first()
    )
    if appointment is None:
        raise AppointmentUnknown(appointment_id=appointment_id)
    policy = policy_of(patient.hospital_id, now=now)
    is_here = appointment.status == Appointment.Status.ARRIVED
    if not is_here:
        refuse_unexpected(appointment, policy=policy, now=now)
    queue = open_queue(session=appointment.session)
    by = By(staff=staff, account=account)
    if is_here:
        return _come_back(queue, appointment=appointment, by=by, policy=policy)

    appointment.move_to(Appointment.Status.ARRIVED)
    return _join(queue, appointment=appointment, by=by, policy=policy, priority=priority)


def refuse_unexpected(appointment: Appointment, *, policy: Policy, now: datetime) -> None:
    """Raises NotPaid, NotExpected, TooEarly or TooLate."""
    opens_at = appointment.begins_at - timedelta(minutes=policy.check_in_minutes_before)
    if appointment.status == Appointment.Status.HELD:
        raise NotPaid(appointment_id=appointment.pk, held_until=appointment.held_until)
    if appointment.status not in EXPECTED:
        raise NotExpected(appointment_id=appointment.pk, status=appointment.status)
    if now < opens_at:
        raise TooEarly(appointment_id=appointment.pk, opens_at=opens_at)
    if now >= appointment.session.ends_at:
        raise TooLate(appointment_id=appointment.pk, ended_at=appointment.session.ends_at)


def _join(
    queue: Queue, *, appointment: Appointment, by: By, policy: Policy, priority: str
) -> Ticket:
    """A new ticket at its rank."""
    turn = next_turn(queue)
    rank, reason = _first_rank(appointment, policy=policy, priority=priority, turn=turn)
    visit = begin_visit(appointment=appointment)
    ticket = Ticket(
        hospital_id=queue.hospital_id,
        queue=queue,
        appointment=appointment,
        visit=visit,
        patient_id=appointment.patient_id,
        number=appointment.number,
        label=queue.label(appointment.number),
        priority=priority,
        tier=rank.tier,
        position=rank.position,
        turn=rank.turn,
        made_at=clock.now(),
    )
    write(ticket)
    note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.JOINED, by=by, reason=reason)
    tell_line(queue=queue)
    return ticket


def _first_rank(
    appointment: Appointment, *, policy: Policy, priority: str, turn: int
) -> tuple[Rank, str]:
    """Where in line, and the reason where it is not by the slot alone."""
    now = clock.now()
    late_from = appointment.begins_at + timedelta(minutes=policy.late_grace_minutes)
    if priority == Priority.EMERGENCY:
        return emergency_rank(now=now, turn=turn), priority
    if priority:
        return priority_rank(due_at=max(now, appointment.begins_at), turn=turn), priority
    if now > late_from:
        return late_rank(now=now, turn=turn), "late"
    by_slot = usual_rank(begins_at=appointment.begins_at, number=appointment.number, turn=turn)
    return by_slot, ""


def _come_back(queue: Queue, *, appointment: Appointment, by: By, policy: Policy) -> Ticket:
    """The known ticket; out of a missed call, back in line (domain 4.5)."""
    tickets = Ticket.objects.of(queue)
    ticket = tickets.locked().select_related("called_room").get(appointment=appointment)
    if ticket.status != Ticket.Status.MISSED:
        return ticket
    places = policy.missed_call_moves_back
    line = [one.rank for one in tickets.waiting()]
    rank = moved_back(ticket.rank, line=line, places=places, turn=next_turn(queue))

    ticket.move_to(Ticket.Status.WAITING, tier=rank.tier, position=rank.position, turn=rank.turn)
    note(
        queue=queue,
        ticket=ticket,
        kind=QueueEntry.Kind.RETURNED,
        by=by,
        reason="missed",
        places_back=places,
    )
    tell_line(queue=queue)
    return ticket
