"""A hold ends unpaid. It lapses on our clock and never waits for a provider."""

from uuid import UUID

from booking.actions.confirm import give_up
from booking.models import Appointment
from booking.words import PURPOSE
from common import clock
from common.commands import action
from common.jobs import sweep_each
from payments.actions.charge import withdraw_charge
from payments.models import Charge

BATCH = 100


@action
def lapse_hold(*, appointment_id: UUID) -> bool:
    """Give the place of an overdue hold back; nothing where it was paid or ended meanwhile."""
    charge = Charge.objects.locked().get(purpose=PURPOSE, subject_id=appointment_id)
    appointment = Appointment.objects.locked().get(pk=appointment_id)
    is_overdue = appointment.held_until <= clock.now()
    if appointment.status != Appointment.Status.HELD or not is_overdue:
        return False

    give_up(appointment, status=Appointment.Status.LAPSED)
    withdraw_charge(charge=charge)
    return True


def lapse_holds() -> int:
    """The sweep: one command for each overdue hold, oldest first. Returns how many lapsed."""
    due = Appointment.objects.overdue(clock.now()).order_by("held_until", "pk")
    return sweep_each(due, lambda key: lapse_hold(appointment_id=key), batch=BATCH)
