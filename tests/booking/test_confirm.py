"""A paid hold becomes a visit, and its patient is told in time."""

from datetime import timedelta

import pytest

from booking.models import Appointment, Slot
from common import clock
from hospitals.actions.decide import decide_policy
from notifications.models import Message
from payments.models import Charge, Refund
from tests import make
from tests.make.settling import settlement

pytestmark = pytest.mark.django_db


def paid(slot: Slot) -> Appointment:
    for code in ("appointment_booked", "appointment_reminder"):
        make.template(hospital=slot.hospital, code=code)
    account = make.account()
    patient = make.patient(hospital=slot.hospital, account=account)
    made = make.appointment(slot=slot, patient=patient, account=account)
    settlement(Charge.objects.get(subject_id=made.pk))()
    made.refresh_from_db()
    return made


def owed() -> dict[str, Message]:
    return {message.template: message for message in Message.objects.all()}


def test_a_paid_hold_is_a_visit_with_a_word_now_and_one_the_day_before() -> None:
    made = paid(make.slot())

    assert made.status == Appointment.Status.BOOKED
    assert owed()["appointment_booked"].due_at == clock.now()
    assert owed()["appointment_reminder"].due_at == made.begins_at - timedelta(days=1)


def test_who_books_for_today_is_not_reminded_of_yesterday() -> None:
    slot = make.slot(on=clock.today())
    decide_policy(hospital=slot.hospital, effective_on=clock.today(), online_closes_days_before=0)

    paid(slot)

    assert set(owed()) == {"appointment_booked"}


def test_what_is_paid_twice_goes_back_once_and_the_visit_stands() -> None:
    slot = make.slot()
    made = paid(slot)
    charge = Charge.objects.get(subject_id=made.pk)

    settlement(charge)()

    assert [refund.reason for refund in Refund.objects.filter(charge=charge)] == ["paid_twice"]
    assert Appointment.objects.get().status == Appointment.Status.BOOKED
