"""Whose document nobody has seen may have one live online booking (domain 4.1, rule 2)."""

from datetime import date

import pytest

from accounts.models import Role
from booking.actions.book import book_appointment
from booking.actions.cancel import cancel_appointment
from booking.errors import UnverifiedLimit
from booking.models import Appointment, Channel, Slot
from hospitals.actions.decide import decide_policy
from patients.actions.verify import confirm_original
from patients.models import Document, Patient
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots() -> list[Slot]:
    """Two slots of different departments."""
    hospital = make.hospital()
    return [make.slot(hospital=hospital) for _ in range(2)]


@pytest.fixture
def patient(slots: list[Slot]) -> Patient:
    """Somebody who has just registered and booked the first."""
    patient = make.patient(hospital=slots[0].hospital, is_verified=False)
    make.appointment(slot=slots[0], patient=patient)
    return patient


def test_a_second_booking_waits_for_the_counter_and_takes_no_place(
    slots: list[Slot], patient: Patient
) -> None:
    with pytest.raises(UnverifiedLimit) as refusal:
        make.appointment(slot=slots[1], patient=patient)

    assert refusal.value.facts == {"rule": "unverified_bookings", "most": 1}
    assert Appointment.objects.count() == 1


def test_who_gave_the_first_back_may_book_another(slots: list[Slot], patient: Patient) -> None:
    first = Appointment.objects.get()
    cancel_appointment(appointment_id=first.pk, patient=patient)

    assert make.appointment(slot=slots[1], patient=patient).slot == slots[1]


def test_after_the_counter_saw_the_original_the_limit_is_gone(
    slots: list[Slot], patient: Patient
) -> None:
    clerk = make.staff(hospital=patient.hospital, role=Role.BOOKING_OFFICE)
    confirm_original(staff=clerk, document_id=Document.objects.get(patient=patient).pk)

    patient = Patient.objects.get(pk=patient.pk)
    assert make.appointment(slot=slots[1], patient=patient).patient == patient


def test_the_window_books_for_whoever_stands_there(slots: list[Slot], patient: Patient) -> None:
    at_window = make.slot(hospital=patient.hospital, channel=Channel.WINDOW)

    booked = book_appointment(
        slot_id=at_window.pk, patient=patient, channel=Channel.WINDOW, account=make.account()
    )

    assert booked.channel == Channel.WINDOW


def test_a_hospital_may_allow_none_at_all() -> None:
    slot = make.slot()
    decide_policy(hospital=slot.hospital, effective_on=date(2026, 1, 1), unverified_bookings=0)

    with pytest.raises(UnverifiedLimit):
        make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital, is_verified=False))
