"""The fee has arrived."""

from datetime import timedelta

from booking.actions.release import free_place
from booking.models import Appointment
from booking.words import BOOKED, REMINDER
from common import clock
from notifications.actions.promise import promise_message
from payments.actions.refund import promise_refund
from payments.models import Charge

REMINDED_BEFORE = timedelta(days=1)  # S3-64: told again the day before


def confirm_paid(charge: Charge) -> None:
    """Turn a paid hold into a booking, or owe the money back.

    Runs inside the settlement's transaction, with the charge locked. The money has arrived
    whatever we think of it, so a lapsed hold must not undo the settlement.
    """
    appointment = Appointment.objects.locked().get(pk=charge.subject_id)

    if appointment.status == Appointment.Status.HELD:
        appointment.move_to(Appointment.Status.BOOKED)
        tell_booked(appointment)
    else:
        promise_refund(charge=charge, reason="hold_lapsed")


def tell_booked(appointment: Appointment) -> None:
    """Owe the patient a confirmation now and, in time, a reminder the day before (S3-64)."""
    now = clock.now()
    promise_message(template=BOOKED, patient=appointment.patient, about=appointment)
    reminded_at = appointment.begins_at - REMINDED_BEFORE
    if reminded_at > now:
        promise_message(
            template=REMINDER,
            patient=appointment.patient,
            about=appointment,
            due_at=reminded_at,
            expires_at=appointment.begins_at,
        )


def give_up(appointment: Appointment, *, status: str) -> None:
    """End a locked appointment and give its place back."""
    appointment.move_to(status, closed_at=clock.now())
    free_place(appointment)
