"""Somebody who wants many places to sell them (号贩子)."""

import pytest

from booking.models import Appointment
from patients.models import Patient
from tests import make
from tests.attacks.attacker import Answer, Attacker, Log

pytestmark = pytest.mark.django_db
NAMES = ("赵一", "钱二", "孙三")


def registered(at: Attacker, root: str, *, number: str, name: str = "赵一") -> Answer:
    """The scalper registers somebody, with the phone they hold."""
    said = {
        "name": name,
        "document_type": "resident_id",
        "document_number": number,
        "phone": "13900139000",
        "relation": "self",
    }
    return at.send(f"{root}/patients", said)


def booked(at: Attacker, root: str, *, slot: object, patient: str) -> Answer:
    """The scalper takes a place."""
    said = {"slot_id": str(slot), "patient_id": patient}
    return at.send(f"{root}/appointments", said)


def test_a_hundred_accounts_do_not_make_one_person_many(log: Log) -> None:
    slots = [make.slot(places=3)]
    slots += [make.slot(hospital=slots[0].hospital, places=3) for _ in range(2)]
    root = f"/api/v1/hospitals/{slots[0].hospital.code}"
    number = make.resident_id()
    phones = [Attacker(token=make.token(make.account())) for _ in range(22)]

    told = [registered(phone, root, number=number) for phone in phones]
    person = told[0].json()["id"]
    places = [booked(phones[0], root, slot=one.pk, patient=person) for one in slots]
    stolen = booked(phones[1], root, slot=slots[0].pk, patient=person)

    assert [one.status_code for one in told].count(201) == 1
    assert told[-1].status_code == 429
    assert log.refused(code="common.too_many") == 2
    assert [one.status_code for one in places] == [201, 409, 409]
    assert {one.json()["code"] for one in places[1:]} == {"booking.unverified_limit"}
    assert stolen.status_code == 404
    assert (Patient.objects.count(), Appointment.objects.count()) == (1, 1)


def test_one_account_does_not_hold_a_crowd_of_invented_people(log: Log) -> None:
    slot = make.slot(places=5)
    root = f"/api/v1/hospitals/{slot.hospital.code}"
    account = make.account()
    scalper = Attacker(token=make.token(account))

    told = [registered(scalper, root, number=make.resident_id(), name=name) for name in NAMES]
    person = told[0].json()["id"]
    twice = [booked(scalper, root, slot=slot.pk, patient=person) for _ in range(2)]

    assert [one.status_code for one in told] == [201, 409, 409]
    assert [one.status_code for one in twice] == [201, 409]
    assert Appointment.objects.count() == 1
    assert log.names(*NAMES) == []
