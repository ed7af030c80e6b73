"""The phone's pages for booking, as a patient taps through them."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from booking.models import Appointment, Slot
from payments.models import Charge
from tests import make
from tests.make.settling import settlement

pytestmark = pytest.mark.django_db


class Phone:
    """A patient's phone, signed in."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        account = make.account()
        self.patient = make.patient(hospital=slot.hospital, account=account, name="欧阳𬱖")
        self.client: Client = make.signed_in_client(account)
        self.root = f"/m/{slot.hospital.code}"

    def book(self, key: str = "") -> Any:
        data = {"patient_id": str(self.patient.pk), "idempotency_key": key or str(uuid4())}
        return self.client.post(f"{self.root}/slots/{self.slot.pk}/", data)


@pytest.fixture
def phone() -> Phone:
    return Phone(make.slot())


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_department_to_appointment(phone: Phone) -> None:
    session = phone.slot.session

    listed = phone.client.get(f"{phone.root}/book/")
    shown = phone.client.get(f"{phone.root}/book/{session.department_id}/")
    asked = phone.client.get(f"{phone.root}/slots/{phone.slot.pk}/")
    booked = phone.book()

    assert session.department.name in text(listed)
    assert f"/slots/{phone.slot.pk}/" in text(shown)
    assert "剩 1 个" in text(shown)
    assert "欧阳𬱖" in text(asked)
    appointment = Appointment.objects.get()
    assert booked["Location"] == f"{phone.root}/appointments/{appointment.pk}/"
    assert "待支付" in text(phone.client.get(booked["Location"]))


def test_a_double_tap_books_once(phone: Phone) -> None:
    first, second = phone.book("tap"), phone.book("tap")

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_a_full_slot_says_so_in_words(phone: Phone) -> None:
    Phone(phone.slot).book()

    refused = phone.book()

    assert "刚刚约满" in text(refused)
    assert Appointment.objects.count() == 1


def test_a_paid_appointment_is_cancelled_and_its_fee_owed_back(phone: Phone) -> None:
    where = phone.book()["Location"]
    settlement(Charge.objects.get())()

    cancelled = phone.client.post(where, {"idempotency_key": "tap"}, follow=True)

    assert "已取消" in text(cancelled)
    assert Charge.objects.get().refund_set.get().amount_fen == 5000


def test_somebody_elses_appointment_is_not_there(phone: Phone) -> None:
    theirs = Phone(phone.slot).book()["Location"]

    assert phone.client.get(theirs).status_code == 404
    assert phone.client.post(theirs, {"idempotency_key": "tap"}).status_code == 404
    assert Appointment.objects.get().status == Appointment.Status.HELD


def test_a_strangers_person_cannot_be_booked_for(phone: Phone) -> None:
    stranger = Phone(phone.slot)

    phone.client.post(
        f"{phone.root}/slots/{phone.slot.pk}/",
        {"patient_id": str(stranger.patient.pk), "idempotency_key": "tap"},
    )

    assert not Appointment.objects.exists()


def test_a_visitor_is_led_to_the_entrance(phone: Phone) -> None:
    answer = Client().get(f"{phone.root}/book/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/m/enter")
