"""What the screens of queueing show, read in a few statements."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Role, Staff
from booking.models import Appointment, Session
from clinic.reach import reach_of
from common import clock
from common.live import StreamName, last_number
from hospitals.models import Hospital
from hospitals.policy import policy_of
from patients.access import show_record
from patients.asked_first import to_ask_about
from patients.models import Patient
from patients.search import matches
from queueing.desks import covers_session, may_work_at
from queueing.models import QUEUE_STREAM, Priority, Queue, QueueEntry, Ticket, TicketQuerySet
from queueing.position import position_of
from queueing.words import REASONS

SHOWN_NEXT = 12
SHOWN_ON_WALL = 6
Status = Ticket.Status


def sessions_for(staff: Staff) -> list[Session]:
    """Today's sessions: a doctor's own and those they stand in for, the desk's departments."""
    reach = reach_of(staff)
    rows = Session.objects.on(clock.today()).filter(hospital=staff.hospital)
    if staff.role == Role.DOCTOR:
        rows = rows.filter(doctor__staff__in=reach.colleagues)
    rows = rows.select_related("doctor", "room", "department").order_by("begins_at", "room__name")
    return [row for row in rows if covers_session(reach, row, role=staff.role)]


def live_of(hospital: Hospital, kind: str, *subjects: UUID) -> dict[str, str]:
    """Streams and the number each stands at, as `live.js` reads them. Ask before the rows."""
    numbers = [last_number(StreamName(hospital.pk, kind, subject)) for subject in subjects]
    return {
        "live_stream": " ".join(f"{kind}:{subject}" for subject in subjects),
        "live_since": " ".join(str(number) for number in numbers),
    }


def room_context(session: Session, *, staff: Staff, words: str = "") -> dict[str, Any]:
    """The doctor's page: who is here, who is next. Leaves a line for whom it names.

    With `words`, those who wait and whose name or pinyin matches, however far back they stand.
    A marked patient can be called and seen under a shortened name; the page says where to say why.
    """
    live = live_of(staff.hospital, QUEUE_STREAM, session.pk)
    tickets = Ticket.objects.filter(hospital=staff.hospital, queue_id=session.pk)
    tickets = tickets.select_related("patient", "called_room")
    current = tickets.in_rooms().first()
    is_treating = staff.role == Role.DOCTOR and may_work_at(session, staff=staff)
    must_ask = current is not None and bool(to_ask_about(staff, [current.patient]))
    is_named = is_treating and not must_ask
    if current is not None and is_named:
        show_record(
            staff=staff,
            patients=[current.patient],
            shown="queue",
            reason="todays_queue",
            is_daily=True,
        )
    return {
        **live,
        "session": session,
        "current": current,
        "is_named": is_named,
        "must_ask": must_ask and is_treating,
        "words": words,
        "waiting": [_line(ticket) for ticket in _next_of(tickets.waiting(), words=words)],
        "waiting_count": tickets.waiting().count(),
        "missed": list(tickets.filter(status=Status.MISSED).order_by("label")),
        "done_count": tickets.filter(status=Status.DONE).count(),
    }


def _next_of(waiting: TicketQuerySet, *, words: str) -> list[Ticket]:
    rows = waiting.in_order()
    if not words:
        return list(rows[:SHOWN_NEXT])
    return [ticket for ticket in rows if matches(ticket.patient.name, words)]


def _line(ticket: Ticket) -> dict[str, Any]:
    return {
        "label": ticket.label,
        "name": ticket.patient.name,
        "made_at": ticket.made_at,
        "priority": Priority(ticket.priority).label if ticket.priority else "",
    }


def wall_sessions(hospital: Hospital, place_id: UUID) -> list[Session]:
    """Today's sessions of a session, a room or a department, whichever the key names."""
    named = Q(pk=place_id) | Q(room_id=place_id) | Q(department_id=place_id)
    rows = Session.objects.on(clock.today()).filter(named, hospital=hospital)
    return list(rows.select_related("department", "room").order_by("begins_at", "room__name"))


def wall_context(hospital: Hospital, sessions: list[Session]) -> dict[str, Any]:
    """The wall: the newest call very large, the others called, and who should be ready."""
    keys = [session.pk for session in sessions]
    live = live_of(hospital, QUEUE_STREAM, *keys)
    tickets = Ticket.objects.filter(hospital=hospital, queue_id__in=keys).select_related(
        "patient", "called_room", "queue__room"
    )
    called = list(tickets.filter(status=Status.CALLED))
    calls = QueueEntry.objects.filter(
        hospital=hospital, queue_id__in=keys, ticket__in=called
    ).order_by("-at", "-number")
    newest = calls.values_list("ticket_id", flat=True).first()
    return {
        **live,
        "now": next((_shown(t) for t in called if t.pk == newest), None),
        "others": [_shown(t) for t in called if t.pk != newest],
        "entries": [_shown(t) for t in tickets.waiting().in_order()[:SHOWN_ON_WALL]],
    }


def _shown(ticket: Ticket) -> dict[str, str]:
    """What a waiting room may see; the template masks the name."""
    room = ticket.called_room or ticket.queue.room
    return {"ticket": ticket.label, "name": ticket.patient.name, "room": room.name}


@dataclass(frozen=True)
class Waiting:
    """One appointment of the day, on the phone."""

    appointment: Appointment
    ticket: Ticket | None
    ahead: int
    reason: str
    opens_at: Any
    can_check_in: bool

    @property
    def room(self) -> Any:
        """Where to go."""
        if self.ticket is not None and self.ticket.called_room is not None:
            return self.ticket.called_room
        return self.appointment.session.room


def waiting_of(hospital: Hospital, people: list[Patient]) -> list[Waiting]:
    """Today's appointments of these patients, with their tickets."""
    shown = (*Appointment.LIVE, Appointment.Status.SEEN, Appointment.Status.MISSED)
    rows = Appointment.objects.filter(
        hospital=hospital, patient__in=people, visit_on=clock.today(), status__in=shown
    ).select_related("patient", "department", "session__room", "session__doctor")
    tickets = {
        ticket.appointment_id: ticket
        for ticket in Ticket.objects.filter(hospital=hospital, appointment__in=rows).select_related(
            "called_room"
        )
    }
    return [_waiting(row, ticket=tickets.get(row.pk)) for row in rows.order_by("begins_at", "pk")]


def _waiting(appointment: Appointment, *, ticket: Ticket | None) -> Waiting:
    now = clock.now()
    policy = policy_of(appointment.hospital_id, now=now)
    opens_at = appointment.begins_at - timedelta(minutes=policy.check_in_minutes_before)
    expected = (Appointment.Status.BOOKED, Appointment.Status.MISSED)
    may_come = appointment.status in expected and opens_at <= now < appointment.session.ends_at
    position = position_of(ticket) if ticket else None
    return Waiting(
        appointment=appointment,
        ticket=ticket,
        ahead=position.ahead if position else 0,
        reason=REASONS.get(position.reason, "") if position else "",
        opens_at=opens_at,
        can_check_in=may_come or (ticket is not None and ticket.status == Status.MISSED),
    )


def queues_today(staff: Staff) -> list[tuple[Session, int, int]]:
    """Each of today's sessions with how many wait and how many missed their call."""
    sessions = sessions_for(staff)
    tickets = Ticket.objects.filter(
        hospital=staff.hospital, queue__in=Queue.objects.filter(session__in=sessions)
    ).values_list("queue_id", "status")
    counted: dict[tuple[UUID, str], int] = {}
    for key in tickets:
        counted[key] = counted.get(key, 0) + 1
    return [
        (s, counted.get((s.pk, Status.WAITING), 0), counted.get((s.pk, Status.MISSED), 0))
        for s in sessions
    ]
