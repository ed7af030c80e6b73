"""A patient gives a place back."""

from uuid import UUID

from booking.actions.confirm import give_up
from booking.errors import AppointmentUnknown, TooLateToCancel
from booking.models import Appointment
from booking.words import PURPOSE
from common import clock
from common.commands import action
from common.errors import MoveRefused
from notifications.actions.withdraw import withdraw_messages
from patients.models import Patient
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.models import Charge


@action
def cancel_appointment(*, appointment_id: UUID, patient: Patient) -> Appointment:
    """Give the place back, and the fee where it was paid (S4-43).

    Raises AppointmentUnknown, TooLateToCancel, MoveRefused.
    """
    charge = (
        Charge.objects.locked()
        .filter(hospital_id=patient.hospital_id, purpose=PURPOSE, subject_id=appointment_id)
        .first()
    )
    appointment = Appointment.objects.locked().filter(pk=appointment_id, patient=patient).first()
    if charge is None or appointment is None:
        raise AppointmentUnknown(appointment_id=appointment_id)
    if not appointment.can_move_to(Appointment.Status.CANCELLED):
        raise MoveRefused(now=appointment.status, asked=Appointment.Status.CANCELLED)
    is_booked = appointment.status == Appointment.Status.BOOKED
    if is_booked and clock.now() >= appointment.cancel_until:
        raise TooLateToCancel(cancel_until=appointment.cancel_until)

    give_up(appointment, status=Appointment.Status.CANCELLED)
    if charge.status == Charge.Status.PAID:
        promise_refund(charge=charge, reason="cancelled")
    else:
        withdraw_charge(charge=charge)
    withdraw_messages(about=appointment)
    return appointment
