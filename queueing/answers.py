"""What queueing answers when other apps ask."""

from datetime import date
from uuid import UUID

from accounts.frames import StaffLink
from accounts.models import Role, Staff
from booking.models import Session
from clinic.reach import reach_of
from common import clock
from common.live import Rights, StreamName
from notifications.models import Message
from patients.access import scopes_of
from patients.models import Patient, Scope
from queueing.models import Ticket
from queueing.position import position_of
from queueing.words import AT_QUEUES
from visits.asking import DayStep

STATES = {
    Ticket.Status.WAITING: "now",
    Ticket.Status.CALLED: "now",
    Ticket.Status.IN_ROOM: "now",
    Ticket.Status.MISSED: "missed",
    Ticket.Status.DONE: "done",
}

HEARD = frozenset({Scope.QUEUE, Scope.REPORTS, Scope.INPATIENT})  # of these a day's stream tells


def may_follow_queue(account_id: UUID, stream: StreamName) -> bool:
    """Staff of the hospital who work with queues; the wall is opened by one of them."""
    works_here = Staff.objects.filter(
        account_id=account_id,
        account__is_active=True,
        hospital_id=stream.hospital_id,
        role__in=AT_QUEUES,
    ).exists()
    sessions = Session.objects.filter(hospital_id=stream.hospital_id, pk=stream.subject_id)
    return works_here and sessions.exists()


def may_follow_day(account_id: UUID, stream: StreamName) -> Rights:
    """What an account hears of the patient's day: what its scopes cover, and nothing else."""
    return scopes_of(account_id, stream.subject_id, hospital_id=stream.hospital_id) & HEARD


def in_todays_queue(staff: Staff, patient: Patient) -> list[str]:
    """The doctor called, or will call, the patient today, as themselves or standing in."""
    if staff.role != Role.DOCTOR:
        return []
    reach = reach_of(staff)
    tickets = Ticket.objects.filter(
        hospital_id=staff.hospital_id,
        patient=patient,
        queue__session__doctor__staff__in=reach.colleagues,
        queue__session__on=clock.today(),
    ).exclude(status=Ticket.Status.LEFT)
    rooms = tickets.values_list("queue__session__doctor__staff_id", "queue__session__department_id")
    is_theirs = any(reach.acts_as(doctor, department_id=where) for doctor, where in rooms)
    return ["today's queue"] if is_theirs else []


def facts_of_ticket(message: Message) -> dict[str, str]:
    """The facts of a message about a ticket, as they are when it is sent."""
    ticket = Ticket.objects.select_related(
        "hospital", "queue__room", "called_room", "queue__session__department"
    ).get(pk=message.about_id)
    room = ticket.called_room or ticket.queue.room
    return {
        "hospital": ticket.hospital.name,
        "department": ticket.queue.session.department.name,
        "ticket": ticket.label,
        "room": room.name,
        "place": room.place or room.name,
        "ahead": str(position_of(ticket).ahead),
        "time": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    }


def steps_of_tickets(patient: Patient, on: date) -> list[DayStep]:
    """Waiting and being seen, for each ticket of the day."""
    rows = Ticket.objects.filter(
        hospital_id=patient.hospital_id,
        patient=patient,
        appointment__visit_on=on,
        status__in=STATES,
    ).select_related("hospital", "queue__room", "called_room", "queue__session__department")
    return [
        DayStep(
            at=row.made_at,
            title=f"{row.queue.session.department.name} 候诊 {row.label}",
            place=(row.called_room or row.queue.room).name,
            state=STATES[Ticket.Status(row.status)],
            href=f"/m/{row.hospital.code}/visits/today/",
        )
        for row in rows
    ]


def queue_links(staff: Staff) -> list[StaffLink]:
    """叫号 for doctors, 分诊台 for the triage desk."""
    home = f"/staff/{staff.hospital.code}"
    if staff.role == Role.DOCTOR:
        return [StaffLink("叫号", href=f"{home}/rooms/", order=10, icon="speaker")]
    if staff.role == Role.TRIAGE:
        return [
            StaffLink("分诊台", href=f"{home}/triage/", order=10, icon="route"),
            StaffLink("诊室", href=f"{home}/rooms/", order=11, icon="speaker"),
        ]
    return []
