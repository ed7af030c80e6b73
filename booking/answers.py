"""What booking answers when other apps ask."""

from uuid import UUID

from django.db.models import Q

from accounts.models import Account
from booking.models import Appointment, Session
from booking.words import shown_time
from common import clock
from common.clock import HOSPITAL_ZONE
from hospitals.policy import policy_of
from notifications.models import Message
from patients.leaving import spoken_for


def facts_of_appointment(message: Message) -> dict[str, str]:
    """The facts of a message about an appointment, as they are when it is sent (S4-35)."""
    appointment = Appointment.objects.select_related(
        "hospital", "department", "session__doctor", "session__room", "session__level"
    ).get(pk=message.about_id)
    session = appointment.session
    return {
        "hospital": appointment.hospital.name,
        "department": appointment.department.name,
        "doctor_title": session.doctor.title,
        "level": session.level.name,
        "room": session.room.name,
        "time": shown_time(appointment),
        "number": str(appointment.number),
        "cancel_until": f"{appointment.cancel_until.astimezone(HOSPITAL_ZONE):%m-%d %H:%M}",
    }


def departments_with_sessions(hospital_id: UUID) -> frozenset[UUID]:
    """The departments that have a session to come within the horizon (S4-31)."""
    now = clock.now()
    today = clock.local(now).date()
    last = policy_of(hospital_id, now=now).last_day(today)
    rows = Session.objects.filter(
        hospital_id=hospital_id,
        on__range=(today, last),
        ends_at__gt=now,
        status=Session.Status.PUBLISHED,
    )
    return frozenset(rows.values_list("department_id", flat=True).distinct())


def why_account_stays(account: Account) -> list[str]:
    """`live_appointment`: somebody is still expected, whom the account booked or speaks for."""
    theirs = Q(made_by=account) | Q(patient__in=spoken_for(account))
    rows = Appointment.objects.live().filter(theirs, visit_on__gte=clock.today())
    return ["live_appointment"] if rows.exists() else []
