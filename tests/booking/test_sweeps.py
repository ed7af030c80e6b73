"""The sweeps of booking get past a row that cannot be dealt with."""

from datetime import timedelta

import pytest

from booking.actions import lapse
from booking.actions.close import close_session, resolve_closed_sessions
from booking.actions.lapse import lapse_holds
from booking.actions.publish_ahead import publish_ahead
from booking.models import Appointment, RotaPattern, Session, Slot
from common import clock
from hospitals.models import PolicyVersion
from payments.models import Charge
from tests import make

pytestmark = pytest.mark.django_db
Status = Appointment.Status


def held(slot: Slot) -> Appointment:
    return make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))


def broken(slot: Slot) -> Appointment:
    """A hold that lost its charge: nobody's act, but a restored backup can have it."""
    made = held(slot)
    Charge.objects.filter(subject_id=made.pk).delete()
    return made


def status_of(appointment: Appointment) -> str:
    return Appointment.objects.get(pk=appointment.pk).status


def test_a_hold_that_cannot_lapse_keeps_no_other_from_lapsing() -> None:
    slot = make.slot(places=3)
    first, second = broken(slot), held(slot)
    clock.shift(timedelta(hours=1))

    lapsed = lapse_holds()

    assert lapsed == 1
    assert (status_of(first), status_of(second)) == (Status.HELD, Status.LAPSED)


def test_more_broken_holds_than_a_batch_keep_no_other_from_lapsing() -> None:
    slot = make.slot(places=lapse.BATCH + 2)
    for _ in range(lapse.BATCH + 1):
        broken(slot)
    last = held(slot)
    clock.shift(timedelta(hours=1))

    lapse_holds()

    assert status_of(last) == Status.LAPSED


def test_a_patient_who_cannot_be_dealt_with_keeps_no_other_of_a_stopped_clinic_waiting() -> None:
    slot = make.slot(places=3)
    first, second = broken(slot), held(slot)
    close_session(session_id=slot.session_id, hospital=slot.hospital, because="医生请假")

    resolved = resolve_closed_sessions()

    assert resolved == 1
    assert (status_of(first), status_of(second)) == (Status.HELD, Status.DISPLACED)


def test_a_hospital_with_a_policy_that_cannot_be_read_keeps_no_other_from_publishing() -> None:
    first, second = make.hospital(), make.hospital()
    PolicyVersion.objects.create(
        hospital=first, effective_on=clock.today(), values={"nothing_reads_this": 1}
    )
    doctor = make.doctor(department=make.department(hospital=second))
    RotaPattern.objects.create(
        hospital=second,
        doctor=doctor,
        level=make.level(hospital=second),
        room=make.room(hospital=second),
        weekday=0,
        begins="09:00",
        ends="10:00",
        places=5,
        effective_on=clock.today(),
    )

    publish_ahead()

    assert Session.objects.filter(hospital=second).exists()
