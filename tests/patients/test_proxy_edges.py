"""The family's page, the desk's page, and the API behind them."""

import pytest
from rest_framework.test import APIClient

from accounts.actions.ask_code import AGAIN_AFTER
from accounts.actions.send_codes import send_codes
from accounts.models import OneTimeCode, Role
from common import clock
from hospitals.models import SmsSender
from patients.actions.ask_to_act import ask_for_more
from patients.models import AccessLine, Grant, GrantRequest
from tests import make
from tests.patients.test_proxies import Family, granted

pytestmark = pytest.mark.django_db


def api(family: Family, path: str) -> str:
    return f"/api/v1/hospitals/{family.hospital.code}/{path}"


def post(client: APIClient, path: str, data: object = None) -> int:
    answer = client.post(path, data or {}, format="json", headers=make.keyed())
    return int(answer.status_code)


def test_the_daughter_asks_and_the_father_agrees_over_the_api() -> None:
    family = Family()
    hers, his = (make.signed_in_client(one) for one in (family.daughters, family.fathers))
    asked = hers.post(
        api(family, "grant-requests/new"),
        {
            "name": "王建国",
            "document_type": "resident_id",
            "document_number": family.number,
            "phone": "13800138000",
            "relation": "family",
            "scopes": ["queue", "reports"],
        },
        format="json",
        headers=make.keyed(),
    )
    listed = his.get(api(family, "grant-requests")).json()["results"]

    agreed = post(his, api(family, f"grant-requests/{asked.json()['id']}/confirm"))

    assert (asked.status_code, agreed) == (201, 201)
    assert asked.json()["name"] == "王**"
    assert [one["name"] for one in listed] == ["王小梅"]
    assert family.may() == ["queue", "reports"]


def test_a_stranger_can_neither_answer_nor_end_nor_send_codes() -> None:
    family = Family()
    grant = granted(family)
    asked = ask_for_more(account=family.daughters, patient=family.father, scopes=["reports"])
    stranger = make.signed_in_client(make.account())

    told = [
        post(stranger, api(family, f"grants/{grant.pk}/end")),
        post(stranger, api(family, f"grant-requests/{asked.pk}/confirm")),
        post(stranger, api(family, f"grant-requests/{asked.pk}/turn-down")),
        post(stranger, api(family, f"grant-requests/{asked.pk}/code")),
        post(stranger, api(family, f"grant-requests/{asked.pk}/confirm-by-code"), {"code": "1"}),
        post(
            stranger,
            api(family, f"patients/{family.father.pk}/grant-requests"),
            {"scopes": ["pay"]},
        ),
    ]

    assert told == [404] * 6
    assert not OneTimeCode.objects.exists()


def test_a_try_counts_though_it_was_refused() -> None:
    family = Family()
    asked = family.asks()
    hers = make.signed_in_client(family.daughters)
    sent = post(hers, api(family, f"grant-requests/{asked.pk}/code"))

    told = [
        post(hers, api(family, f"grant-requests/{asked.pk}/confirm-by-code"), {"code": "000000"})
        for _ in range(2)
    ]

    assert (sent, told) == (201, [403, 403])
    assert OneTimeCode.objects.get().tries == 2
    assert post(hers, api(family, f"grant-requests/{asked.pk}/code")) == 503
    clock.shift(AGAIN_AFTER)
    assert post(hers, api(family, f"grant-requests/{asked.pk}/code")) == 201


def test_the_desk_confirms_and_leaves_a_line_for_what_it_saw() -> None:
    family = Family()
    asked = family.asks("queue")
    desk = make.staff(hospital=family.hospital, role=Role.BOOKING_OFFICE)
    client = make.signed_in_client(desk)
    page = f"/staff/{family.hospital.code}/proxies/"
    shown = client.get(page).content.decode()
    said = {"request_id": asked.pk, "document_number": family.number, "idempotency_key": "k1"}

    told = client.post(page, said)

    assert (family.father.name in shown, "王**" in shown) == (False, True)
    assert told.status_code == 302
    assert family.may() == ["queue"]
    assert AccessLine.objects.filter(staff=desk, shown="grant request").count() == 1


def test_a_cashier_confirms_nothing() -> None:
    family = Family()
    cashier = make.staff(hospital=family.hospital, role=Role.CASHIER)
    client = make.signed_in_client(cashier)
    asked = family.asks()
    path = api(family, f"grant-requests/{asked.pk}/confirm-at-desk")

    assert client.get(f"/staff/{family.hospital.code}/proxies/").status_code == 403
    assert post(client, path, {"document_number": family.number}) == 403


def test_the_page_asks_agrees_and_ends() -> None:
    family = Family()
    page = f"/m/{family.hospital.code}/me/family/"
    hers, his = (make.signed_in_client(one) for one in (family.daughters, family.fathers))
    hers.post(
        page,
        {
            "act": "ask",
            "idempotency_key": "k1",
            "name": "王建国",
            "document_number": family.number,
            "phone": "13800138000",
            "scopes": ["book", "reports"],
        },
    )
    asked = GrantRequest.objects.get()
    assert "王小梅" in his.get(page).content.decode()
    his.post(
        page,
        {"act": "agree", "idempotency_key": "k2", "request_id": asked.pk, "scopes": ["book"]},
    )
    may = family.may()
    grant = Grant.objects.get(account=family.daughters, patient=family.father)

    his.post(page, {"act": "end", "idempotency_key": "k3", "grant_id": grant.pk})

    assert (may, family.may()) == (["book"], [])
    assert "预约和取消挂号" not in hers.get(page).content.decode().split("申请为家人代办")[0]


def test_a_refusal_is_said_on_the_page_and_nothing_is_asked() -> None:
    family = Family()
    hers = make.signed_in_client(family.daughters)
    page = f"/m/{family.hospital.code}/me/family/"
    said = {"act": "ask", "idempotency_key": "k", "name": "王建国", "scopes": ["book"]}

    told = hers.post(page, {**said, "document_number": family.number, "phone": "13900000000"})

    assert "无法核对" in told.content.decode()
    assert not GrantRequest.objects.exists()


def test_a_hospital_without_a_sender_answers_the_same() -> None:
    family = Family()
    asked = family.asks()
    hers = make.signed_in_client(family.daughters)

    told = post(hers, api(family, f"grant-requests/{asked.pk}/code"))
    send_codes()

    assert (told, SmsSender.objects.count()) == (201, 0)
