"""Patient numbers without a counter."""

import pytest
from stdnum import luhn

from common import clock
from patients.models import Patient
from patients.numbers import draw_number, insert_with_number
from tests import make


def test_a_drawn_number_carries_its_day_and_its_check_digit() -> None:
    number = draw_number(clock.now())

    assert number.startswith("26061")
    assert luhn.is_valid(number)


@pytest.mark.django_db
def test_a_patient_whom_nobody_can_number_is_a_bug_not_a_loop() -> None:
    patient = make.patient()
    twin = Patient(
        hospital=patient.hospital,
        person=patient.person,  # the person's second row is what always clashes
        name="王建国",
        document_type=patient.document_type,
        document_number=patient.document_number,
        phone=patient.phone,
        born_on=patient.born_on,
        sex=patient.sex,
        made_at=clock.now(),
    )

    with pytest.raises(RuntimeError):
        insert_with_number(twin, now=clock.now())
