"""The booking office stops a clinic, and every patient of it is dealt with."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from booking.actions.close import resolve_closed_sessions
from booking.errors import SlotFull
from booking.models import Appointment, Session, Slot
from common import clock
from payments.models import Charge
from queueing.actions.check_in import check_in
from tests import make
from tests.make.settling import settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot() -> Slot:
    return make.slot(places=3)


def office(slot: Slot, *, role: str = Role.BOOKING_OFFICE) -> Client:
    client: Client = make.signed_in_client(make.staff(hospital=slot.hospital, role=role))
    return client


def address(slot: Slot) -> str:
    return f"/staff/{slot.hospital.code}/sessions/{slot.session_id}/"


def stop(client: Client, slot: Slot, **more: str) -> Any:
    data = {"because": "医生生病", "idempotency_key": "tap"} | more
    return client.post(address(slot), data, follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_stopped_clinic_gives_no_place_and_owes_each_patient_word_and_money(slot: Slot) -> None:
    made = make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))
    settlement(Charge.objects.get(subject_id=made.pk))()
    client = office(slot)

    told = stop(client, slot)
    resolve_closed_sessions()

    assert "已停诊" in text(told)
    assert "医生生病" in text(client.get(address(slot)))
    assert Appointment.objects.get().status == Appointment.Status.DISPLACED
    assert Charge.objects.get().refund_set.get().reason == "clinic_stopped"
    with pytest.raises(SlotFull):
        make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))


def test_who_has_arrived_is_left_to_the_people_at_the_desk(slot: Slot) -> None:
    patient = make.patient(hospital=slot.hospital)
    made = make.appointment(slot=slot, patient=patient)
    settlement(Charge.objects.get(subject_id=made.pk))()
    clock.shift_to(slot.begins_at)
    check_in(appointment_id=made.pk, patient=patient)

    stop(office(slot), slot)

    assert resolve_closed_sessions() == 0
    assert Appointment.objects.get().status == Appointment.Status.ARRIVED


def test_stopping_twice_with_one_tap_or_two_is_stopping_once(slot: Slot) -> None:
    client = office(slot)

    stop(client, slot)
    again = stop(client, slot)
    another = stop(client, slot, idempotency_key="another tap")

    assert again.status_code == 200
    assert "已经停诊" in text(another)
    assert Session.objects.get().closed_because == "医生生病"


def test_without_a_reason_nothing_stops(slot: Slot) -> None:
    refused = stop(office(slot), slot, because="")

    assert refused.status_code == 422
    assert Session.objects.get().status == Session.Status.PUBLISHED


def test_the_days_list_shows_who_works_and_how_many_come(slot: Slot) -> None:
    make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))

    listed = office(slot).get(
        f"/staff/{slot.hospital.code}/sessions/?on={slot.session.on:%Y-%m-%d}"
    )

    assert "已约 1 人" in text(listed)
    assert address(slot) in text(listed)


@pytest.mark.parametrize("role", [Role.NURSE, Role.DOCTOR, Role.PHARMACIST])
def test_others_stop_no_clinic(slot: Slot, role: str) -> None:
    refused = stop(office(slot, role=role), slot)

    assert refused.status_code == 403
    assert Session.objects.get().status == Session.Status.PUBLISHED


def test_another_hospitals_office_finds_no_such_session(slot: Slot) -> None:
    elsewhere = make.slot()

    assert stop(office(elsewhere), slot).status_code == 404
    code = elsewhere.hospital.code
    assert office(elsewhere).get(f"/staff/{code}/sessions/{slot.session_id}/").status_code == 404
