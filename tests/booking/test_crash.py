"""Booking killed with -9 after each of its statements, and repeated: one effect, one answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from booking.models import Appointment, Slot
from common import clock
from common.models import IdempotencyKey
from payments.models import Charge
from tests import make
from tests.booking.invariants import faults_of_places
from tests.dying import Mortal

pytestmark = pytest.mark.django_db(transaction=True)

MORE_THAN_NEEDED = 40
MADE = str(201 % 256)


@pytest.fixture
def booker() -> Iterator[Mortal]:
    made = Mortal("tests.booking.dying_booker")
    yield made
    made.end()


def request_of_a_phone(slot: Slot, *, number: int) -> dict[str, Any]:
    account = make.account()
    patient = make.patient(hospital=slot.hospital, account=account)
    token = make.token(account)
    return {
        "code": slot.hospital.code,
        "token": token,
        "slot_id": str(slot.pk),
        "patient_id": str(patient.pk),
        "key": f"tap-{number}",
        "moment": clock.now().isoformat(),
    }


def test_booking_killed_anywhere_and_repeated_has_one_effect(booker: Mortal) -> None:
    slot = make.slot(places=MORE_THAN_NEEDED)
    words = []

    for statements in range(1, MORE_THAN_NEEDED):
        asked = request_of_a_phone(slot, number=statements)
        words.append(booker.tell(**asked, statements=statements))
        again = booker.tell(**asked, statements=MORE_THAN_NEEDED)
        assert again == MADE
        mine = Appointment.objects.get(patient_id=asked["patient_id"])
        assert Charge.objects.get(subject_id=mine.pk).amount_fen == mine.fee_fen
        assert IdempotencyKey.objects.get(key=asked["key"]).object_id == mine.pk
        if words[-1] != "killed":
            break

    assert words[-1] == MADE
    assert words.count("killed") == len(words) - 1 > 8
    assert faults_of_places() == []
