"""Requests that say what is not so: forged senders, forms, fields, headers, methods, sizes."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Push, Role
from booking.models import Appointment
from common.errors import TooLarge
from hospitals.models import Merchant, MiniProgram
from patients.models import Patient
from payments.models import Charge, Notice
from tests import make
from tests.attacks.attacker import Attacker, Log
from tests.make.accounts import PASSWORD

pytestmark = pytest.mark.django_db
MCHID, APP_ID = "1900000001", "wxba5fad812f8e6fb9"


def program(**more: Any) -> MiniProgram:
    """A hospital's mini-program."""
    return MiniProgram.objects.create(
        hospital=make.hospital(),
        app_id=APP_ID,
        secret="x",  # noqa: S106 - nobody is asked
        push_token="known-to-wechat",  # noqa: S106 - of no use elsewhere
        **more,
    )


def test_a_push_that_wechat_did_not_sign_is_refused_and_noted(log: Log) -> None:
    attacked = program()
    told = {"FromUserName": "o9", "CreateTime": 1, "MsgType": "event", "Event": "x"}
    address = f"/wechat/{APP_ID}/?timestamp=1&nonce=2&signature=" + "0" * 40

    answer = Attacker().send(address, told)

    assert (answer.status_code, answer.content) == (403, b"accounts.push_forged")
    assert not Push.objects.exists()
    assert log.lines("a push is refused", code="accounts.push_forged", program_id=attacked.pk)


def test_a_notice_that_the_provider_did_not_sign_pays_nothing_and_is_noted(log: Log) -> None:
    charge = make.charge()
    merchant = Merchant.objects.create(
        hospital=charge.hospital,
        mini_program=program(),
        mchid=MCHID,
        serial_no="1",
        private_key_pem="x",
        apiv3_key="k" * 32,
        public_key_id="PUB_KEY_ID_1",
        public_key_pem="x",
    )
    claimed = {"Wechatpay-Serial": "PUB_KEY_ID_2", "Wechatpay-Signature": "eA=="}
    told = {"id": str(uuid4()), "event_type": "TRANSACTION.SUCCESS", "resource": {}}

    answer = Attacker(**claimed).send(f"/payments/{MCHID}/notify", told)

    assert answer.status_code == 403
    assert not Notice.objects.exists()
    assert Charge.objects.get(pk=charge.pk).status == Charge.Status.OPEN
    event = "a notice is refused at the door"
    assert log.lines(event, code="payments.notice_forged", merchant_id=merchant.pk)


def test_a_form_on_another_site_does_nothing_in_the_victims_browser(log: Log) -> None:
    account, hospital = make.account(), make.hospital()
    victim = Client(enforce_csrf_checks=True)
    victim.force_login(account)
    said = {"name": "王建国", "document_number": make.resident_id(), "phone": "13800138000"}

    form = victim.post(f"/m/{hospital.code}/me/", {**said, "idempotency_key": "k"})
    ticket = victim.post("/api/v1/me/socket-tickets", headers={"Origin": "https://evil.example"})

    assert (form.status_code, ticket.status_code) == (403, 403)
    assert not Patient.objects.exists()
    assert log.refused(status=403) == 2


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/staff/\\evil.example", "javascript:alert(1)"],
)
def test_a_sign_in_leads_nowhere_else(wanted: str) -> None:
    doctor = make.staff()

    answer = Attacker().signed_in(str(doctor.account.username), PASSWORD, next=wanted)

    assert answer.headers["Location"] == f"/staff/{doctor.hospital.code}/"


@pytest.mark.parametrize(
    "more",
    [{"status": "booked"}, {"fee_fen": 0}, {"hospital_id": str(uuid4())}, {"is_staff": True}],
)
def test_fields_that_nobody_asked_for_are_refused(more: dict[str, object]) -> None:
    slot, account = make.slot(), make.account()
    patient = make.patient(hospital=slot.hospital, account=account)
    said = {"slot_id": str(slot.pk), "patient_id": str(patient.pk), **more}

    answer = Attacker(token=make.token(account)).send(
        f"/api/v1/hospitals/{slot.hospital.code}/appointments", said
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (422, list(more))
    assert not Appointment.objects.exists()


def test_an_invented_address_does_not_open_a_new_count_of_guesses(log: Log) -> None:
    statuses = [
        Attacker(**{"X-Forwarded-For": f"10.0.0.{number % 250}"})
        .signed_in(f"nobody-{number}", "x")
        .content.decode()
        .count("尝试太频繁")
        for number in range(121)
    ]

    assert (sum(statuses[:-1]), statuses[-1]) == (0, 1)
    assert log.lines("asked too often", code="common.too_many")


def test_an_invented_inside_address_does_not_spare_the_second_factor() -> None:
    doctor = make.staff()
    browser = make.signed_in_client(doctor, is_proved=False)

    answer = browser.get(
        f"/staff/{doctor.hospital.code}/",
        REMOTE_ADDR="203.0.113.7",
        headers={"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    )

    assert answer.headers["Location"].startswith("/staff/second-factor/")


def test_a_header_does_not_change_the_method_nor_who_asks(log: Log) -> None:
    victim, account = make.account(), make.account()
    patient = make.patient(account=victim)
    address = f"/api/v1/hospitals/{patient.hospital.code}/patients/{patient.pk}"
    tricks = {"X-HTTP-Method-Override": "DELETE", "X-Remote-User": str(victim.pk)}
    thief = Attacker(token=make.token(account), **tricks)

    told = [thief.read(address), thief.send(address, {"_method": "DELETE"})]

    assert [one.status_code for one in told] == [404, 405]
    assert Patient.objects.filter(pk=patient.pk).exists()
    assert log.refused(account_id=account.pk) == 2


def test_a_body_beyond_a_megabyte_is_refused_unread_and_noted(log: Log) -> None:
    doctor = make.staff(role=Role.DOCTOR)
    thief = Attacker(token=make.token(doctor.account))

    answer = thief.send("/api/v1/me/sign-out", {"x": "y" * (1024 * 1024)})

    assert (answer.status_code, answer.json()["code"]) == (413, TooLarge.code)
    assert log.refused(status=413) == 1


def test_a_code_of_another_program_logs_nobody_in(log: Log) -> None:
    answer = Attacker().send("/api/v1/login/wechat", {"app_id": "wx-of-nobody", "code": "x"})

    assert (answer.status_code, "token" in json.loads(answer.content)) == (404, False)
    assert log.refused(status=404, code="accounts.app_unknown") == 1
