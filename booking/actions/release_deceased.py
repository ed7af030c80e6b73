"""What a deceased person had booked comes back."""

from uuid import UUID

from booking.actions.confirm import give_up
from booking.models import Appointment
from booking.words import PURPOSE
from common.commands import action
from notifications.actions.withdraw import withdraw_messages
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.models import Charge


@action
def release_deceased(people: frozenset[UUID]) -> None:
    """Every visit to come of these locked persons is cancelled, however late, without penalty.

    In every hospital; what was paid is owed back. Who has arrived is seen to where they are.
    """
    to_come = Appointment.objects.to_displace().filter(person_id__in=people)
    keys = list(to_come.values_list("pk", flat=True))
    charges = Charge.objects.locked().filter(purpose=PURPOSE, subject_id__in=keys)
    charge_of = {charge.subject_id: charge for charge in charges}
    for appointment in Appointment.objects.to_displace().locked().filter(pk__in=keys):
        give_up(appointment, status=Appointment.Status.CANCELLED)
        withdraw_messages(about=appointment)
        charge = charge_of[appointment.pk]
        if charge.status == Charge.Status.PAID:
            promise_refund(charge=charge, reason="deceased")
        else:
            withdraw_charge(charge=charge)
