"""A person has died: nothing is booked for them, nothing sent, nobody punished."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Role
from booking.models import Appointment
from common import clock
from common.locking import without_guard
from notifications.actions.deliver import deliver_messages
from notifications.actions.promise import promise_message
from notifications.models import Message, Task
from patients.actions.decide_review import join_patients
from patients.actions.mark_deceased import mark_deceased, undo_deceased
from patients.actions.open_review import open_merge_review
from patients.errors import (
    AlreadyDeceased,
    BecauseMissing,
    DeathDateWrong,
    DeathUnknown,
    PatientDeceased,
)
from patients.models import Death, DeathSource, MergeReason, Patient, Person
from payments.models import Charge, Refund
from tests import make
from tests.booking.invariants import faults_of_places
from tests.make.settling import settlement
from tests.threads import race

pytestmark = pytest.mark.django_db


def died(patient: Patient, *, days_ago: int = 0) -> Death:
    """The records office marks the patient."""
    staff = make.staff(hospital=patient.hospital, role=Role.RECORDS_OFFICE)
    return mark_deceased(
        patient=patient,
        died_on=clock.today() - timedelta(days=days_ago),
        source=DeathSource.RECORDS_OFFICE,
        staff=staff,
    )


def paid_and_held() -> tuple[Appointment, Appointment]:
    """One person's paid visit in one hospital and unpaid hold in another."""
    number = make.resident_id()
    slots = [make.slot(), make.slot()]
    paid, held = (
        make.appointment(
            slot=slot, patient=make.patient(hospital=slot.hospital, document_number=number)
        )
        for slot in slots
    )
    settlement(Charge.objects.get(subject_id=paid.pk))()
    return paid, held


def test_their_visits_in_every_hospital_are_released_and_the_money_owed_back() -> None:
    paid, held = paid_and_held()
    clock.shift(paid.begins_at - clock.now() - timedelta(minutes=5))  # too late to cancel

    died(paid.patient)

    assert set(Appointment.objects.values_list("status", flat=True)) <= {"cancelled", "lapsed"}
    assert Refund.objects.get().amount_fen == paid.fee_fen
    assert faults_of_places() == []
    with pytest.raises(PatientDeceased):
        make.appointment(slot=make.slot(hospital=held.hospital), patient=held.patient)


def test_nothing_is_sent_to_the_deceased_nor_about_them() -> None:
    patient = make.patient()
    make.template(hospital=patient.hospital, code="told")
    promise_message(template="told", patient=patient, about=patient)
    promise_message(template="no such", patient=patient, about=patient)

    died(patient)
    promise_message(template="told", patient=patient, about=patient, key="later")
    deliver_messages()

    assert list(Message.objects.values_list("status", flat=True)) == ["WITHDRAWN"]
    assert list(Task.objects.values_list("status", flat=True)) == ["WITHDRAWN"]


def test_whoever_was_joined_with_them_is_the_same_person() -> None:
    first = make.patient()
    second = make.patient(hospital=first.hospital)
    staff = make.staff(hospital=first.hospital, role=Role.RECORDS_OFFICE)
    review = open_merge_review(first=first, second=second, reason=MergeReason.NAMED, staff=staff)
    join_patients(review_id=review.pk, leading_id=first.pk, staff=staff, because="同一人")

    died(second)

    assert not Person.objects.filter(deceased_at=None).exists()
    undo_deceased(patient=first, staff=staff, because="登记错了")
    assert not Person.objects.exclude(deceased_at=None).exists()


def test_said_twice_it_is_one_death_and_another_date_is_refused() -> None:
    patient = make.patient()

    first, again = died(patient), died(patient)

    assert first.pk == again.pk
    with pytest.raises(AlreadyDeceased):
        died(patient, days_ago=1)


@pytest.mark.parametrize("days_ago", [-1, 365 * 120])
def test_nobody_dies_tomorrow_or_before_they_were_born(days_ago: int) -> None:
    patient = make.patient()

    with pytest.raises(DeathDateWrong):
        died(patient, days_ago=days_ago)

    assert not Death.objects.exists()


def test_a_mistake_is_undone_with_a_reason_and_what_was_released_stays_released() -> None:
    paid, held = paid_and_held()
    staff = make.staff(hospital=paid.hospital, role=Role.RECORDS_OFFICE)
    died(paid.patient)

    with pytest.raises(BecauseMissing):
        undo_deceased(patient=paid.patient, staff=staff, because=" ")
    undo_deceased(patient=paid.patient, staff=staff, because="认错人")

    with pytest.raises(DeathUnknown):
        undo_deceased(patient=paid.patient, staff=staff, because="认错人")
    assert not Appointment.objects.live().exists()
    make.appointment(slot=make.slot(hospital=held.hospital), patient=held.patient)
    assert Appointment.objects.live().count() == 1


def mark(patient: Patient) -> Appointment | None:
    """As `died`, among bookings."""
    died(patient)
    return None


def booked_for_the_dead() -> bool:
    """Whether bookings in four hospitals, while the person is marked, leave a live visit."""
    number = make.resident_id()
    slots = [make.slot() for _ in range(4)]
    patients = [make.patient(hospital=one.hospital, document_number=number) for one in slots]
    parts: list[Callable[[], Appointment | None]] = [
        partial(make.appointment, slot=slot, patient=patient)
        for slot, patient in zip(slots, patients, strict=True)
    ]
    parts.append(partial(mark, patients[0]))
    race(parts)
    assert not Person.objects.filter(patient__in=patients, deceased_at=None).exists()
    return Appointment.objects.live().filter(patient__in=patients).exists()


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_no_booking_outlives_the_marking() -> None:
    assert not any(booked_for_the_dead() for _ in range(3))
    assert faults_of_places() == []


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_without_the_persons_lock_a_booking_is_left_for_the_dead() -> None:
    def goes_wrong() -> bool:
        with without_guard("locks"):
            return booked_for_the_dead()

    assert any(goes_wrong() for _ in range(20))
