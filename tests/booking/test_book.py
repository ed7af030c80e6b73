"""Taking a place, and every way in which that is refused."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from booking.actions.book import book_appointment
from booking.errors import (
    AlreadyBooked,
    SlotClosed,
    SlotFull,
    SlotTooFar,
    SlotUnknown,
    TooManyVisits,
)
from booking.limits import most_in_seven_days
from booking.models import Appointment, Channel, Place
from common import clock
from common.ids import new_id
from hospitals.actions.decide import decide_policy
from notifications.models import Message
from payments.models import Charge
from tests import make

pytestmark = pytest.mark.django_db


def nothing_happened() -> bool:
    rows = (Appointment, Charge, Message)
    is_empty = not any(model.objects.exists() for model in rows)
    return is_empty and not Place.objects.exclude(appointment=None).exists()


def test_a_booked_place_is_held_and_its_fee_is_owed() -> None:
    slot = make.slot(fee_fen=5000)
    patient = make.patient(hospital=slot.hospital)

    appointment = make.appointment(slot=slot, patient=patient)

    assert appointment.status == Appointment.Status.HELD
    assert Place.objects.get().appointment_id == appointment.pk
    assert Charge.objects.get(subject_id=appointment.pk).amount_fen == 5000
    assert appointment.held_until == clock.now() + timedelta(minutes=15)


def test_what_costs_nothing_is_booked_at_once() -> None:
    slot = make.slot(fee_fen=0)

    appointment = make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))

    assert Appointment.objects.get(pk=appointment.pk).status == Appointment.Status.BOOKED


def test_a_full_slot_refuses_the_next_patient_and_owes_nobody_anything() -> None:
    slot = make.slot(places=1)
    make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))
    latecomer = make.patient(hospital=slot.hospital)

    with pytest.raises(SlotFull):
        make.appointment(slot=slot, patient=latecomer)

    assert not Message.objects.filter(patient=latecomer).exists()
    assert not Charge.objects.filter(patient=latecomer).exists()
    assert Appointment.objects.count() == 1


def test_a_slot_of_another_hospital_does_not_exist() -> None:
    slot = make.slot()
    stranger = make.patient()

    with pytest.raises(SlotUnknown):
        make.appointment(slot=slot, patient=stranger)

    assert nothing_happened()


def test_a_slot_that_never_was_does_not_exist() -> None:
    patient = make.patient()

    with pytest.raises(SlotUnknown):
        book_appointment(
            slot_id=new_id(), patient=patient, channel=Channel.ONLINE, account=make.account()
        )

    assert nothing_happened()


def test_online_booking_ends_at_three_in_the_afternoon_of_the_day_before() -> None:
    slot = make.slot(on=clock.today() + timedelta(days=1))
    early, late = make.patient(hospital=slot.hospital), make.patient(hospital=slot.hospital)
    clock.shift_to(datetime(2026, 3, 2, 14, 59, 59, tzinfo=clock.HOSPITAL_ZONE))
    make.appointment(slot=slot, patient=early)
    clock.shift(timedelta(seconds=1))

    with pytest.raises(SlotClosed) as refusal:
        make.appointment(slot=slot, patient=late)

    assert refusal.value.facts["closed_at"] == clock.now()


def test_a_date_beyond_two_weeks_cannot_be_booked_yet() -> None:
    slot = make.slot(on=clock.today() + timedelta(days=15))

    with pytest.raises(SlotTooFar):
        make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))

    assert nothing_happened()


def test_a_person_has_one_visit_in_a_session() -> None:
    session = make.session()
    patient = make.patient(hospital=session.hospital)
    make.appointment(slot=make.slot(session=session), patient=patient)
    later = session
    later.begins_at += timedelta(minutes=30)

    with pytest.raises(AlreadyBooked):
        make.appointment(slot=make.slot(session=later), patient=patient)

    assert Appointment.objects.count() == 1


def test_a_person_visits_a_department_once_a_day() -> None:
    department = make.department(hospital=make.hospital())
    patient = make.patient(hospital=department.hospital)
    first, second = (make.session(department=department) for _ in range(2))
    make.appointment(slot=make.slot(session=first), patient=patient)

    with pytest.raises(TooManyVisits) as refusal:
        make.appointment(slot=make.slot(session=second), patient=patient)

    assert refusal.value.facts["rule"] == "same_department_a_day"


def test_a_person_has_two_visits_a_day_in_all_hospitals_together() -> None:
    slots = [make.slot() for _ in range(3)]
    number = make.resident_id()
    patients = [make.patient(hospital=s.hospital, document_number=number) for s in slots]
    for slot, patient in zip(slots[:2], patients[:2], strict=True):
        make.appointment(slot=slot, patient=patient)

    with pytest.raises(TooManyVisits) as refusal:
        make.appointment(slot=slots[2], patient=patients[2])

    assert refusal.value.facts["rule"] == "a_day"


def test_a_hospital_may_allow_more() -> None:
    department = make.department(hospital=make.hospital())
    decide_policy(
        hospital=department.hospital, effective_on=date(2026, 1, 1), most_same_department_a_day=2
    )
    patient = make.patient(hospital=department.hospital)

    for _ in range(2):
        slot = make.slot(session=make.session(department=department))
        make.appointment(slot=slot, patient=patient)

    assert Appointment.objects.count() == 2


def test_a_fourth_visit_within_seven_days_is_refused() -> None:
    department = make.department(hospital=make.hospital())
    patient = make.patient(hospital=department.hospital)
    days = [clock.today() + timedelta(days=n) for n in (3, 5, 7, 9)]
    slots = [make.slot(session=make.session(department=department, on=day)) for day in days]
    for slot in slots[:3]:
        make.appointment(slot=slot, patient=patient)

    with pytest.raises(TooManyVisits) as refusal:
        make.appointment(slot=slots[3], patient=patient)

    assert refusal.value.facts["rule"] == "same_department_in_seven_days"


@given(st.lists(st.integers(-10, 10), max_size=12))
def test_the_busiest_seven_days_are_found_as_by_hand(offsets: list[int]) -> None:
    day = date(2026, 3, 1)
    days = [day + timedelta(days=offset) for offset in offsets]
    by_hand = max(len([o for o in offsets if first <= o <= first + 6]) for first in range(-6, 1))

    assert most_in_seven_days(days, around=day) == by_hand


def test_a_booking_takes_five_statements_on_postgresql() -> None:
    slot = make.slot()
    patient = make.patient(hospital=slot.hospital)
    account = make.account()

    with CaptureQueriesContext(connection) as seen:
        make.appointment(slot=slot, patient=patient, account=account)

    remembered = ("SAVEPOINT", "policyversion")  # the policy is read again each second
    statements = [q["sql"] for q in seen if not any(word in q["sql"] for word in remembered)]
    assert len(statements) == (5 if connection.vendor == "postgresql" else 6), statements
