"""Money over HTTP: one success, one problem, one stranger for each address."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.throttles import CheckByAccount, refuse_flood
from patients.models import Grant, Scope
from payments.actions.refund import promise_refund
from payments.models import Charge, PaymentOrder
from tests import make
from tests.payments.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(till: Till) -> APIClient:
    """The payer's phone."""
    return make.signed_in_client(till.account)


@pytest.fixture
def stranger(till: Till) -> APIClient:
    """Somebody else's phone, with WeChat and a patient of their own here."""
    account = till.payer(1)
    make.patient(hospital=till.hospital, account=account)
    return make.signed_in_client(account)


def url(till: Till, rest: str) -> str:
    """An address under the till's hospital."""
    return f"/api/v1/hospitals/{till.hospital.code}/{rest}"


def asked(client: APIClient, till: Till, ids: object, key: str = "") -> Any:
    """POST payments."""
    return client.post(
        url(till, "payments"), {"charge_ids": ids}, format="json", headers=make.keyed(key)
    )


def test_what_is_due_is_listed_with_what_goes_back(till: Till, phone: APIClient) -> None:
    charge = till.charge()
    till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")
    till.charge(amount_fen=100)

    rows = phone.get(url(till, "charges")).json()["results"]

    assert [(row["amount_fen"], row["status"]) for row in rows] == [(100, "OPEN"), (5000, "PAID")]
    assert rows[1]["refunds"][0]["status"] == "PROMISED"


def test_a_list_of_charges_takes_the_same_statements_however_long(
    till: Till, phone: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        till.charge()

    with django_assert_max_num_queries(7):
        phone.get(url(till, "charges"))


def test_a_stranger_sees_no_charges(till: Till, stranger: APIClient) -> None:
    till.charge()

    assert stranger.get(url(till, "charges")).json()["results"] == []


def test_who_may_only_book_sees_no_charges(till: Till, phone: APIClient) -> None:
    till.charge()
    Grant.objects.update(scopes=[Scope.BOOK])

    assert phone.get(url(till, "charges")).json()["results"] == []


def test_a_visitor_is_asked_to_sign_in(till: Till) -> None:
    assert APIClient().get(url(till, "charges")).status_code == 401


def test_paying_gives_what_the_phone_needs(till: Till, phone: APIClient) -> None:
    charge = till.charge()

    answer = asked(phone, till, [str(charge.pk)])
    till.sandbox.control("pay", answer.json()["client"])

    assert answer.status_code == 201
    assert answer.json()["charge_ids"] == [str(charge.pk)]
    assert set(answer.json()["client"]) == {
        "appId",
        "timeStamp",
        "nonceStr",
        "package",
        "signType",
        "paySign",
    }


def test_the_same_key_is_the_same_payment(till: Till, phone: APIClient) -> None:
    charge, key = till.charge(), str(uuid4())

    first = asked(phone, till, [str(charge.pk)], key)
    again = asked(phone, till, [str(charge.pk)], key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]


def test_a_provider_that_is_down_is_busy_and_the_same_key_works_later(
    till: Till, phone: APIClient
) -> None:
    charge, key = till.charge(), str(uuid4())
    till.sandbox.fault("http_500", path="/v3/pay")

    down = asked(phone, till, [str(charge.pk)], key)
    later = asked(phone, till, [str(charge.pk)], key)

    assert (down.status_code, down.json()["code"]) == (503, "payments.provider_unreachable")
    assert later.status_code == 201
    assert later.json()["client"]["package"].startswith("prepay_id=wx")


@pytest.mark.parametrize("ids", [[], "x", [1], ["x"], None, [None], [{}]])
def test_ids_that_are_none_are_invalid(till: Till, phone: APIClient, ids: object) -> None:
    answer = asked(phone, till, ids)

    assert (answer.status_code, answer.json()["code"]) == (422, "http.invalid")
    assert not PaymentOrder.objects.exists()


def test_a_strangers_charge_is_not_found(till: Till, stranger: APIClient) -> None:
    charge = till.charge()

    answer = asked(stranger, till, [str(charge.pk)])

    assert (answer.status_code, answer.json()["code"]) == (404, "payments.charge_unknown")
    assert not PaymentOrder.objects.exists()


def test_the_phones_word_only_makes_us_ask(till: Till, phone: APIClient) -> None:
    charge = till.charge()
    payment, parameters = till.ask(charge)
    address = url(till, f"payments/{payment.pk}/check")

    claimed = phone.post(address, {}, format="json", headers=make.keyed()).json()["status"]
    till.pay(parameters)
    true = phone.post(address, {}, format="json", headers=make.keyed()).json()["status"]

    charge.refresh_from_db()
    assert (claimed, true) == ("ASKED", "SETTLED")
    assert charge.status == Charge.Status.PAID


def test_nobody_makes_us_ask_the_provider_without_end(till: Till, phone: APIClient) -> None:
    payment, _ = till.ask(till.charge())
    request = RequestFactory().get("/")
    request.user = till.account
    for _ in range(60):  # as many times as a minute has seconds
        refuse_flood(request, CheckByAccount)

    by_api = phone.post(url(till, f"payments/{payment.pk}/check"), {}, format="json")
    page = phone.get(f"/m/{till.hospital.code}/paid/{payment.pk}/")

    assert (by_api.status_code, by_api.json()["code"]) == (429, "common.too_many")
    assert page.status_code == 200
    assert "查询太频繁" in page.content.decode()


def test_a_strangers_payment_is_not_found(till: Till, stranger: APIClient) -> None:
    payment, _ = till.ask(till.charge())
    address = url(till, f"payments/{payment.pk}")

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/check", {}, format="json").status_code == 404


def test_a_payment_shows_its_refunds(till: Till, phone: APIClient) -> None:
    charge = till.charge()
    payment = till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")

    shown = phone.get(url(till, f"payments/{payment.pk}")).json()

    assert shown["status"] == "SETTLED"
    assert [refund["amount_fen"] for refund in shown["refunds"]] == [5000]


def test_another_hospitals_payment_is_not_found_here(till: Till, phone: APIClient) -> None:
    payment, _ = till.ask(till.charge())
    other = make.hospital()

    answer = phone.get(f"/api/v1/hospitals/{other.code}/payments/{payment.pk}")

    assert (answer.status_code, answer.json()["code"]) == (404, "payments.payment_unknown")
