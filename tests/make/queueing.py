"""A session of today with its doctor, people who come to it, and their tickets."""

from datetime import time

from accounts.models import Account, Role, Staff
from booking.actions.book import book_appointment
from booking.models import Appointment, Channel, Place, Slot
from common import clock
from hospitals.models import Hospital
from patients.models import Patient
from payments.models import Charge
from queueing.actions.check_in import check_in
from queueing.models import Priority, Queue, Ticket
from tests.make import booking as make_booking
from tests.make.accounts import account as make_account
from tests.make.accounts import staff as make_staff
from tests.make.hospitals import hospital as make_hospital
from tests.make.patients import patient as make_patient
from tests.make.settling import settlement


def clinic_today(
    *,
    hospital: Hospital | None = None,
    places: int = 10,
    fee_fen: int = 0,
    begins: time = time(8, 30),
) -> Slot:
    """A slot of today's session at the window, which may be booked at once."""
    made = make_booking.session(
        hospital=hospital or make_hospital(),
        on=clock.today(),
        fee_fen=fee_fen,
        begins=begins,
    )
    return make_booking.slot(session=made, places=places, channel=Channel.WINDOW)


def later_slot(slot: Slot, *, minutes_later: int = 30, places: int = 5) -> Slot:
    """Another slot of the same session, its numbers going on."""
    length = slot.ends_at - slot.begins_at
    begins_at = slot.begins_at + length * minutes_later / 30
    made = Slot.objects.create(
        hospital=slot.hospital,
        session=slot.session,
        begins_at=begins_at,
        ends_at=begins_at + length,
    )
    before = Place.objects.filter(slot__session=slot.session).count()
    Place.objects.bulk_create(
        [
            Place(hospital=made.hospital, slot=made, number=number, channel=Channel.WINDOW)
            for number in range(before + 1, before + places + 1)
        ]
    )
    return made


def doctor_of(slot: Slot, *, name: str = "林静") -> Staff:
    """The login of the session's doctor."""
    doctor = slot.session.doctor
    if doctor.staff is None:
        doctor.staff = make_staff(hospital=slot.hospital, role=Role.DOCTOR, name=name)
        doctor.save(update_fields=["staff"])
    return doctor.staff


def triage_of(hospital: Hospital) -> Staff:
    """A nurse at the triage desk."""
    return make_staff(hospital=hospital, role=Role.TRIAGE, name="周敏")


def booked(
    slot: Slot, *, patient: Patient | None = None, account: Account | None = None, name: str = ""
) -> Appointment:
    """A paid appointment in the slot."""
    who = account or make_account()
    made = book_appointment(
        slot_id=slot.pk,
        patient=patient or make_patient(hospital=slot.hospital, account=who, name=name or "王建国"),
        channel=Channel.WINDOW,
        account=who,
    )
    charge = Charge.objects.filter(subject_id=made.pk).first()
    if charge is not None and charge.status == Charge.Status.OPEN:
        settlement(charge)()
    return Appointment.objects.get(pk=made.pk)


def arrived(
    slot: Slot,
    *,
    appointment: Appointment | None = None,
    priority: str = Priority.NONE,
    staff: Staff | None = None,
) -> Ticket:
    """Somebody who has checked in."""
    who = appointment or booked(slot)
    return check_in(appointment_id=who.pk, patient=who.patient, staff=staff, priority=priority)


def queue_of(slot: Slot) -> Queue:
    """The queue of the slot's session, which somebody has opened."""
    return Queue.objects.get(session=slot.session)
