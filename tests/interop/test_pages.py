"""What hospital systems sent and we could not apply, before the people who look after it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Role
from common import clock
from interop.actions.apply import apply_received
from interop.actions.receive import receive_hl7, receive_prescription
from interop.models import Received, Sender
from patients.models import AccessLine, Patient
from tests import make
from tests.interop import reading
from tests.make.clinic import department, price
from tests.make.interop import fhir_sender, hl7_sender
from visits.actions.visit import begin_stay
from visits.models import Order

pytestmark = pytest.mark.django_db
Status = Received.Status


class Desk:
    """A clerk of the records office, a system that speaks, and a patient who is registered."""

    def __init__(self) -> None:
        self.sender: Sender = hl7_sender()
        self.hospital = self.sender.hospital
        self.patient: Patient = make.patient(hospital=self.hospital, name="欧阳𬱖")
        self.clerk = make.staff(hospital=self.hospital, role=Role.RECORDS_OFFICE)
        self.client: APIClient = make.signed_in_client(self.clerk)
        self.list = f"/staff/{self.hospital.code}/received/"

    def arrive(self, name: str = "orm_new", **told: str) -> Received:
        """One of our own files arrives for the patient and is applied, as far as it can be."""
        body = (
            reading.body(name)
            .replace(b"P000123", self.patient.number.encode())
            .replace(b"110101199003074258", self.patient.document_number.encode())
            .replace(b"19900307", f"{self.patient.born_on:%Y%m%d}".encode())
        )
        for old, new in {"HIS-0001": told.pop("control_id", "HIS-0001"), **told}.items():
            body = body.replace(old.encode(), new.encode())
        receipt = receive_hl7(sender=self.sender, body=body)
        apply_received(received_id=receipt.received_id)
        return Received.objects.get(pk=receipt.received_id)

    def page(self, received: Received) -> str:
        return f"{self.list}{received.pk}/"

    def press(self, received: Received, act: str, key: str = "") -> str:
        """What the page says after the button."""
        data = {"act": act, "idempotency_key": key or str(uuid4())}
        return text(self.client.post(self.page(received), data, follow=True))

    def look(self, received: Received, reason: str = "check patient") -> Any:
        return self.client.post(f"{self.page(received)}body/", {"reason": reason})

    def let_the_patient_in(self) -> None:
        price(hospital=self.hospital, code="250101")
        begin_stay(patient=self.patient, ward=department(hospital=self.hospital))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_waits_is_listed_with_its_reason_and_without_the_patient(desk: Desk) -> None:
    received = desk.arrive()

    shown = text(desk.client.get(desk.list))

    assert received.reason == "visits.no_open_visit"
    assert "患者现在没有进行中的就诊" in shown
    assert "HIS-0001" in shown
    assert desk.sender.name in shown
    assert desk.patient.name not in shown
    assert desk.patient.number not in shown
    assert not AccessLine.objects.exists()


def test_what_could_not_even_be_read_is_listed_too(desk: Desk) -> None:
    received = desk.arrive("broken_line")

    assert received.status == Status.REFUSED
    assert "有一行不完整" in text(desk.client.get(desk.list))


def test_a_name_in_a_faulty_header_does_not_reach_the_list(desk: Desk) -> None:
    received = desk.arrive(control_id="王建国", **{"ORM^O01^ORM_O01": "王建国"})

    assert received.kind == received.control_id == "王建国"
    assert "王建国" not in text(desk.client.get(desk.list))


def test_the_message_is_shown_for_a_reason_and_the_patient_can_see_that(desk: Desk) -> None:
    received = desk.arrive()
    before = text(desk.client.get(desk.page(received)))

    shown = text(desk.look(received))

    assert "PID|" not in before
    assert f"PID|1||{desk.patient.number}" in shown
    line = AccessLine.objects.get()
    assert (line.patient, line.staff) == (desk.patient, desk.clerk)
    assert (line.shown, line.reason) == ("received message", "check patient")


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_without_a_reason_nothing_is_shown(desk: Desk, reason: str) -> None:
    received = desk.arrive()

    answer = desk.look(received, reason)

    assert answer.status_code == 422
    assert "请选择查看原因" in text(answer)
    assert "PID|" not in text(answer)
    assert not AccessLine.objects.exists()


def test_who_sees_an_unreadable_message_leaves_a_line_even_so(desk: Desk) -> None:
    received = desk.arrive("broken_line")

    desk.look(received)

    assert AccessLine.objects.get().patient == desk.patient


def test_a_message_about_two_people_leaves_a_line_with_each(desk: Desk) -> None:
    other = make.patient(hospital=desk.hospital)
    received = desk.arrive(**{desk.patient.document_number: other.document_number})

    desk.look(received)

    assert received.reason == "interop.patient_differs"
    assert {line.patient for line in AccessLine.objects.all()} == {desk.patient, other}


def test_a_prescription_that_is_no_json_is_shown_as_it_came(desk: Desk) -> None:
    body = f'{{"subject": "Patient/{desk.patient.number}", "note": "<b>'.encode()
    receipt = receive_prescription(sender=fhir_sender(hospital=desk.hospital), body=body)
    received = Received.objects.get(pk=receipt.received_id)

    shown = text(desk.look(received))

    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert AccessLine.objects.get().patient == desk.patient


def test_a_message_is_tried_again_and_leaves_the_list(desk: Desk) -> None:
    received = desk.arrive()
    desk.let_the_patient_in()

    said = desk.press(received, "replay")

    assert "已处理" in said
    assert Order.objects.get().patient == desk.patient
    assert "没有需要处理的系统消息" in text(desk.client.get(desk.list))


def test_a_double_tap_tries_once(desk: Desk) -> None:
    received = desk.arrive()
    desk.press(received, "replay", "tap")
    attempts = Received.objects.get().attempts

    said = desk.press(received, "replay", "tap")

    assert "患者现在没有进行中的就诊" in said
    assert (attempts, Received.objects.get().attempts) == (1, 1)


def test_what_still_cannot_be_applied_says_why(desk: Desk) -> None:
    said = desk.press(desk.arrive(), "replay")

    assert "还是没有处理成：患者现在没有进行中的就诊" in said
    assert Received.objects.get().status == Status.WAITING


def test_what_cannot_be_read_is_not_tried(desk: Desk) -> None:
    received = desk.arrive("broken_line")
    Received.objects.update(kind="")

    assert "仍然读不出" in desk.press(received, "replay")
    assert Received.objects.get().status == Status.REFUSED


def test_a_message_is_set_aside_for_good(desk: Desk) -> None:
    received = desk.arrive()

    said = desk.press(received, "dismiss")
    again = desk.press(received, "replay")

    assert "不再处理" in said
    assert "状态已经变化" in again
    assert Received.objects.get().status == Status.DISMISSED
    assert desk.look(received).status_code == 404


def test_a_form_without_a_key_changes_nothing(desk: Desk) -> None:
    received = desk.arrive()

    answer = desk.client.post(desk.page(received), {"act": "dismiss"}, follow=True)

    assert "请刷新页面后再试" in text(answer)
    assert Received.objects.get().status == Status.WAITING


def test_an_act_that_nobody_offers_is_not_there(desk: Desk) -> None:
    data = {"act": "apply", "idempotency_key": "x"}

    assert desk.client.post(desk.page(desk.arrive()), data).status_code == 404


def test_the_list_is_paged_without_losing_or_repeating_one(desk: Desk) -> None:
    for number in range(45):
        clock.shift(timedelta(minutes=number % 2))  # some in the same moment
        desk.arrive(control_id=f"HIS-{number:04}")

    first = desk.client.get(desk.list)
    second = desk.client.get(f"{desk.list}?before={first.context['before']}")
    third = desk.client.get(f"{desk.list}?before={second.context['before']}")

    pages = [first, second, third]
    listed = [line.received.control_id for one in pages for line in one.context["rows"]]
    assert [len(one.context["rows"]) for one in pages] == [20, 20, 5]
    assert listed == [f"HIS-{number:04}" for number in reversed(range(45))]
    assert "更早的消息" in text(first)
    assert "更早的消息" not in text(third)


@pytest.mark.parametrize("before", ["", "x", "6351d287-0b46-4597-935d-3d2ad9c338a4"])
def test_an_unknown_place_in_the_list_is_its_beginning(desk: Desk, before: str) -> None:
    desk.arrive()

    assert "HIS-0001" in text(desk.client.get(f"{desk.list}?before={before}"))


def test_the_list_takes_as_many_statements_for_one_message_as_for_many(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.arrive()
    desk.arrive(control_id="HIS-0002")
    desk.client.get(desk.list)

    with django_assert_num_queries(6):
        desk.client.get(desk.list)


def test_other_hospitals_have_lists_of_their_own(desk: Desk) -> None:
    received = desk.arrive()
    elsewhere = make.staff(hospital=make.hospital(code="other"), role=Role.ADMINISTRATOR)
    client = make.signed_in_client(elsewhere)

    assert "HIS-0001" not in text(client.get("/staff/other/received/"))
    assert client.get(f"/staff/other/received/{received.pk}/").status_code == 404
    assert client.get(desk.page(received)).status_code == 404


@pytest.mark.parametrize("role", [Role.RECORDS_OFFICE, Role.MANAGER, Role.ADMINISTRATOR])
def test_who_looks_after_it_finds_it_with_its_count(desk: Desk, role: Role) -> None:
    desk.arrive()
    client = make.signed_in_client(make.staff(hospital=desk.hospital, role=role))

    home = client.get(f"/staff/{desk.hospital.code}/")

    link = next(one for one in home.context["nav"] if one["href"] == desk.list)
    assert link["count"] == 1


def test_a_doctor_and_a_patient_are_kept_out(desk: Desk) -> None:
    doctor = make.signed_in_client(make.staff(hospital=desk.hospital))

    assert doctor.get(desk.list).status_code == 403
    assert make.signed_in_client(make.account()).get(desk.list).status_code == 302
