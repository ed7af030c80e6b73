"""A patient takes a place."""

from uuid import UUID

from accounts.models import Account
from booking.errors import SlotClosed, SlotFull, SlotTooFar, SlotUnknown
from booking.limits import refuse_broken_limits, refuse_unverified
from booking.models import Appointment, Channel, Place, Slot
from booking.words import PURPOSE, fee_title
from common import clock
from common.commands import action, write
from common.ids import new_id
from hospitals.policy import Policy, policy_of
from patients.models import Patient
from patients.people import lock_person_of
from payments.actions.charge import open_charge


@action
def book_appointment(
    *, slot_id: UUID, patient: Patient, channel: Channel, account: Account
) -> Appointment:
    """Hold one place in the slot for the patient and ask for the fee.

    Raises SlotUnknown, SlotClosed, SlotTooFar, PatientDeceased, AlreadyBooked, TooManyVisits,
    UnverifiedLimit, SlotFull, InFlight.
    """
    policy = policy_of(patient.hospital_id, now=clock.now())
    person = lock_person_of(patient)
    slot = (
        Slot.objects.of_hospital(patient.hospital_id)
        .select_related("session")
        .filter(pk=slot_id)
        .first()
    )
    if slot is None:
        raise SlotUnknown(slot_id=slot_id)
    refuse_closed_slot(slot, channel=channel, policy=policy)
    refuse_broken_limits(person=person, slot=slot, policy=policy)
    refuse_unverified(patient, person=person, channel=channel, policy=policy)
    place = Place.objects.of(slot, channel).claim_one(appointment_id=new_id())
    if place is None:
        raise SlotFull(slot_id=slot_id)

    appointment = Appointment.to_hold(
        place, slot=slot, patient=patient, account=account, policy=policy
    )
    write(appointment)
    open_charge(
        purpose=PURPOSE,
        subject_id=appointment.pk,
        patient=patient,
        amount_fen=appointment.fee_fen,
        title=fee_title(slot),
        due_until=appointment.held_until,
    )
    return appointment


def refuse_closed_slot(slot: Slot, *, channel: Channel, policy: Policy) -> None:
    """Raises SlotClosed, SlotTooFar."""
    now = clock.now()
    closes_at = slot.closes_at(channel, policy)
    last_day = policy.last_day(clock.local(now).date())
    if now >= closes_at:
        raise SlotClosed(slot_id=slot.pk, closed_at=closes_at)
    if slot.session.on > last_day:
        raise SlotTooFar(slot_id=slot.pk, last_day=last_day)
