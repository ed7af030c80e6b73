"""The pages and the API of queueing: what they show, to whom, and that two taps are one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Account
from booking.models import Appointment, Slot
from common import clock
from patients.models import AccessLine
from queueing.actions.call import call_next, mark_missed
from queueing.models import QueueEntry, Ticket
from tests import make
from tests.make import queueing as at_queue
from visits.asking import day_steps_from

pytestmark = pytest.mark.django_db


def at_the_room(slot: Slot) -> tuple[APIClient, str]:
    """The doctor's client and page."""
    client = make.signed_in_client(at_queue.doctor_of(slot))
    return client, f"/staff/{slot.hospital.code}/queues/{slot.session_id}/"


def press(
    client: APIClient, url: str, act: str, *, ticket: Ticket | None = None, key: str = ""
) -> Any:
    data = {"act": act, "idempotency_key": key or str(uuid4())}
    if ticket is not None:
        data["ticket_id"] = str(ticket.pk)
    return client.post(url, data, format="multipart", HTTP_HX_REQUEST="true")


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_day_at_the_doctors_page() -> None:
    slot = at_queue.clinic_today(places=2)
    ticket = at_queue.arrived(slot, appointment=at_queue.booked(slot, name="欧阳静"))
    client, url = at_the_room(slot)

    called = press(client, url, "call")
    admitted = press(client, url, "admit", ticket=ticket)
    finished = press(client, url, "finish", ticket=ticket)

    assert "欧阳静" in text_of(called)
    assert "结束就诊" in text_of(admitted)
    assert "呼叫下一位" in text_of(finished)
    assert Ticket.objects.get().status == Ticket.Status.DONE


def test_a_double_tap_calls_once() -> None:
    slot = at_queue.clinic_today(places=2)
    at_queue.arrived(slot)
    at_queue.arrived(slot)
    client, url = at_the_room(slot)

    first = press(client, url, "call", key="one tap")
    second = press(client, url, "call", key="one tap")

    assert first.status_code == second.status_code == 200
    assert QueueEntry.objects.filter(kind="called").count() == 1


def test_a_refusal_is_told_in_words() -> None:
    slot = at_queue.clinic_today()
    at_queue.arrived(slot)
    client, url = at_the_room(slot)
    press(client, url, "call")

    again = press(client, url, "call")

    assert "诊室里还有患者" in text_of(again)


def test_those_who_wait_are_masked_and_the_called_patient_leaves_one_line() -> None:
    slot = at_queue.clinic_today(places=3)
    for name in ("欧阳静", "陈晓梅", "赵一鸣"):
        at_queue.arrived(slot, appointment=at_queue.booked(slot, name=name))
    client, url = at_the_room(slot)
    doctor = at_queue.doctor_of(slot)
    called = call_next(queue_id=slot.session_id, staff=doctor)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = text_of(client.get(url))

    lines = AccessLine.objects.all()
    assert [(line.patient_id, line.staff_id, line.shown) for line in lines] == [
        (called.patient_id, doctor.pk, "queue")
    ]
    assert "欧阳静" in page
    assert "陈晓梅" not in page
    assert "陈**" in page
    assert sum("INSERT" in one["sql"] for one in asked.captured_queries) == 1
    assert len(asked) <= 20


def test_the_triage_desk_sees_nobody_in_full_on_the_doctors_page() -> None:
    slot = at_queue.clinic_today()
    at_queue.arrived(slot, appointment=at_queue.booked(slot, name="欧阳静"))
    call_next(queue_id=slot.session_id, staff=at_queue.doctor_of(slot))
    desk = make.signed_in_client(at_queue.triage_of(slot.hospital))

    page = text_of(desk.get(f"/staff/{slot.hospital.code}/queues/{slot.session_id}/"))

    assert "欧**" in page
    assert "欧阳静" not in page
    assert not AccessLine.objects.exists()


@pytest.mark.parametrize("path", ["queues/{id}/", "queues/{id}/live/", "triage/", "rooms/"])
def test_strangers_do_not_get_in(path: str) -> None:
    slot = at_queue.clinic_today()
    url = f"/staff/{slot.hospital.code}/" + path.format(id=slot.session_id)
    outsider = make.signed_in_client(at_queue.doctor_of(at_queue.clinic_today()))
    colleague = make.signed_in_client(make.staff(hospital=slot.hospital))

    assert APIClient().get(url).status_code == 302
    assert outsider.get(url).status_code == 404
    assert colleague.get(url).status_code in ({200} if path == "rooms/" else {403, 404})


def test_the_rooms_page_lists_a_doctors_own_sessions() -> None:
    slot = at_queue.clinic_today()
    other = at_queue.clinic_today(hospital=slot.hospital)
    client, _ = at_the_room(slot)

    page = text_of(client.get(f"/staff/{slot.hospital.code}/rooms/"))

    assert str(slot.session_id) in page
    assert str(other.session_id) not in page


def test_the_desk_finds_by_document_and_checks_in_with_priority() -> None:
    slot = at_queue.clinic_today()
    number = make.resident_id()
    patient = make.patient(hospital=slot.hospital, document_number=number, name="欧阳静")
    appointment = at_queue.booked(slot, patient=patient)
    desk = make.signed_in_client(at_queue.triage_of(slot.hospital))
    url = f"/staff/{slot.hospital.code}/triage/"

    found = text_of(desk.post(url, {"document_number": number}, format="multipart"))
    done = desk.post(
        url + "check-in/",
        {
            "appointment_id": str(appointment.pk),
            "priority": "elderly",
            "idempotency_key": str(uuid4()),
        },
        format="multipart",
        follow=True,
    )

    assert "欧阳静" in found
    assert number not in found.replace(f'value="{number}"', "")
    assert "已签到" in text_of(done)
    assert Ticket.objects.get().priority == "elderly"
    assert AccessLine.objects.get().reason == "check_in_desk"


def test_the_desk_says_a_number_is_wrong_and_shows_nobody() -> None:
    slot = at_queue.clinic_today()
    desk = make.signed_in_client(at_queue.triage_of(slot.hospital))

    page = desk.post(
        f"/staff/{slot.hospital.code}/triage/", {"document_number": "123"}, format="multipart"
    )

    assert "号码不对" in text_of(page)
    assert not AccessLine.objects.exists()


@pytest.mark.parametrize("place", ["session", "room", "department"])
def test_the_wall_shows_the_call_with_a_masked_name(place: str) -> None:
    slot = at_queue.clinic_today(places=2)
    for name in ("欧阳静", "陈晓梅"):
        at_queue.arrived(slot, appointment=at_queue.booked(slot, name=name))
    call_next(queue_id=slot.session_id, staff=at_queue.doctor_of(slot))
    session = slot.session
    key = {"session": session.pk, "room": session.room_id, "department": session.department_id}
    desk = make.signed_in_client(at_queue.triage_of(slot.hospital))

    page = text_of(desk.get(f"/wall/{slot.hospital.code}/{key[place]}/"))

    assert "A001" in page
    assert "欧**" in page
    assert "欧阳静" not in page
    assert "陈晓梅" not in page
    assert f"queue:{session.pk}" in page


def phone_of(slot: Slot) -> tuple[APIClient, Account, Appointment]:
    account = make.account()
    appointment = at_queue.booked(slot, account=account)
    return make.signed_in_client(account), account, appointment


def test_the_phone_checks_in_and_sees_its_number_and_who_is_ahead() -> None:
    slot = at_queue.clinic_today(places=2)
    at_queue.arrived(slot)
    client, _, appointment = phone_of(slot)
    url = f"/m/{slot.hospital.code}/visits/today/"
    data = {"appointment_id": str(appointment.pk), "idempotency_key": "a tap"}
    before = text_of(client.get(url))

    client.post(url, data, format="multipart")
    client.post(url, data, format="multipart")
    after = text_of(client.get(url))

    assert "我到了，签到" in before
    assert "A002" in after
    assert "前面还有" in after
    assert f"day:{appointment.patient_id}" in after
    assert Ticket.objects.filter(appointment=appointment).count() == 1


def test_the_phone_says_why_it_was_moved_back() -> None:
    slot = at_queue.clinic_today(places=3)
    client, _, appointment = phone_of(slot)
    at_queue.arrived(slot, appointment=appointment)
    at_queue.arrived(slot, priority="emergency", staff=at_queue.triage_of(slot.hospital))

    page = text_of(client.get(f"/m/{slot.hospital.code}/visits/today/live/"))

    assert "有危急患者优先就诊" in page


def test_nobody_checks_in_for_a_stranger() -> None:
    slot = at_queue.clinic_today(places=2)
    client, _, _ = phone_of(slot)
    other = at_queue.booked(slot)

    answer = client.post(
        f"/m/{slot.hospital.code}/visits/today/",
        {"appointment_id": str(other.pk), "idempotency_key": "x"},
        format="multipart",
    )

    assert answer.status_code == 404
    assert not Ticket.objects.exists()


def test_checking_in_over_the_api() -> None:
    slot = at_queue.clinic_today()
    client, _, appointment = phone_of(slot)
    base = f"/api/v1/hospitals/{slot.hospital.code}"

    answer = client.post(
        f"{base}/appointments/{appointment.pk}/check-in", {}, format="json", headers=make.keyed()
    )
    shown = client.get(f"{base}/tickets/{answer.json()['id']}")

    assert answer.status_code == 201
    assert shown.json() == answer.json()
    assert (answer.json()["label"], answer.json()["ahead"]) == ("A001", 0)


def test_the_api_says_when_check_in_opens() -> None:
    slot = at_queue.clinic_today()
    client, _, appointment = phone_of(slot)
    clock.shift(timedelta(minutes=-15))

    answer = client.post(
        f"/api/v1/hospitals/{slot.hospital.code}/appointments/{appointment.pk}/check-in",
        {},
        format="json",
        headers=make.keyed(),
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "queueing.too_early")


def test_the_api_knows_no_strangers_ticket() -> None:
    slot = at_queue.clinic_today(places=2)
    client, _, _ = phone_of(slot)
    other = at_queue.arrived(slot)
    base = f"/api/v1/hospitals/{slot.hospital.code}"

    check_in = client.post(
        f"{base}/appointments/{other.appointment_id}/check-in",
        {},
        format="json",
        headers=make.keyed(),
    )

    assert client.get(f"{base}/tickets/{other.pk}").status_code == 404
    assert check_in.status_code == 404
    assert APIClient().get(f"{base}/tickets/{other.pk}").status_code == 401


def test_the_day_has_a_step_for_arriving_and_one_for_waiting() -> None:
    slot = at_queue.clinic_today(places=2)
    ticket = at_queue.arrived(slot)
    doctor = at_queue.doctor_of(slot)
    call_next(queue_id=ticket.queue_id, staff=doctor)
    mark_missed(ticket_id=ticket.pk, staff=doctor)

    answers = day_steps_from.ask(ticket.patient, clock.today())

    steps = [step for answer in answers for step in answer]
    assert {(step.title.split()[-1], step.state) for step in steps} == {
        ("A001", "missed"),
        ("签到", "done"),
    }


def test_a_queue_is_searched_by_pinyin_without_calling_anybody() -> None:
    slot = at_queue.clinic_today(places=2)
    for name in ("单雄信", "李秀英"):
        at_queue.arrived(slot, appointment=at_queue.booked(slot, name=name))
    client, url = at_the_room(slot)

    shown = text_of(client.post(url, {"words": "shanxx"}, format="multipart"))

    assert ("单**" in shown, "李**" in shown) == (True, False)
    assert "data-live-refresh" not in shown  # it would show the whole queue again
    assert Ticket.objects.waiting().count() == 2
