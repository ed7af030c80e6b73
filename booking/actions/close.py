"""A clinic stops (停诊). First its places close; then, one by one, its patients are dealt with."""

from uuid import UUID

from booking.actions.confirm import give_up
from booking.errors import SessionUnknown
from booking.models import Appointment, Place, Session
from booking.words import DISPLACED, PURPOSE
from common import clock
from common.commands import action
from common.jobs import nudge, sweep_each
from hospitals.models import Hospital
from notifications.actions.promise import promise_message
from notifications.actions.withdraw import withdraw_messages
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.models import Charge

BATCH = 100
RESOLVE = "resolve_closed_sessions"


@action
def close_session(*, session_id: UUID, hospital: Hospital, because: str) -> Session:
    """Close the session and all its places; claims in flight end first.

    Nobody is resolved here: an appointment's lock comes before its place's, so the sweep does
    that, one command for each patient, resumable at any row. Raises SessionUnknown, MoveRefused.
    """
    session = Session.objects.locked().filter(pk=session_id, hospital=hospital).first()
    if session is None:
        raise SessionUnknown(session_id=session_id)

    session.move_to(Session.Status.CLOSED, closed_because=because)
    Place.objects.filter(slot__session=session, closed_at=None).update(closed_at=clock.now())
    nudge(RESOLVE)
    return session


@action
def displace(*, appointment_id: UUID) -> bool:
    """Tell one patient of a closed session, and owe back what was paid. Repeatable."""
    charge = Charge.objects.locked().get(purpose=PURPOSE, subject_id=appointment_id)
    appointment = Appointment.objects.locked().get(pk=appointment_id)
    if not appointment.can_move_to(Appointment.Status.DISPLACED):
        return False

    give_up(appointment, status=Appointment.Status.DISPLACED)
    withdraw_messages(about=appointment)
    promise_message(template=DISPLACED, patient=appointment.patient, about=appointment)
    if charge.status == Charge.Status.PAID:
        promise_refund(charge=charge, reason="clinic_stopped")
    else:
        withdraw_charge(charge=charge)
    return True


def resolve_closed_sessions() -> int:
    """The sweep: every live appointment of a closed session. Returns how many were resolved."""
    affected = Appointment.objects.to_displace().filter(session__status=Session.Status.CLOSED)
    return sweep_each(
        affected.order_by("pk"), lambda key: displace(appointment_id=key), batch=BATCH
    )
