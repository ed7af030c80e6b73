"""Faults of provider calls, and the switches themselves."""

from typing import Any

import pytest
import requests

from tests.sandbox.libraries import Cashier
from tests.sandbox.outside import Sandbox, Stranger
from tests.sandbox.test_login import ask_session
from tests.sandbox.test_messages import send

NUMBER = "ZC20260302000001"
PREPAY = "/v3/pay/transactions/jsapi"
SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def test_a_500_before_the_effect_orders_nothing(cashier: Cashier) -> None:
    cashier.sandbox.fault("http_500", path=PREPAY)

    status, body = cashier.prepay(NUMBER)

    assert (status, body["code"]) == (500, "SYSTEM_ERROR")
    assert cashier.sandbox.control("orders")["orders"] == []
    assert cashier.prepay(NUMBER)[0] == 200


def test_a_500_after_the_effect_has_ordered_all_the_same(cashier: Cashier) -> None:
    cashier.sandbox.fault("http_500", path=PREPAY, moment="after")

    status, _ = cashier.prepay(NUMBER)

    assert status == 500
    assert len(cashier.sandbox.control("orders")["orders"]) == 1


def test_a_message_may_arrive_although_the_answer_was_lost(sandbox: Sandbox) -> None:
    sandbox.fault("http_500", path=SEND, moment="after")

    with pytest.raises(KeyError):
        _ = send(sandbox)["msgid"]

    assert len(sandbox.control("messages")["messages"]) == 1


def test_a_rate_limit_reads_429_in_payment_and_45009_in_the_mini_program(
    cashier: Cashier,
) -> None:
    cashier.sandbox.fault("rate_limited_429", times=2)

    status, body = cashier.prepay(NUMBER)
    login = ask_session(cashier.sandbox)

    assert (status, body["code"]) == (429, "RATELIMIT_EXCEEDED")
    assert login["errcode"] == 45009
    assert cashier.prepay(NUMBER)[0] == 200


@pytest.mark.parametrize(("moment", "orders"), [("before", 0), ("after", 1)])
def test_a_slow_answer_outlasts_the_patience_of_who_asks(
    cashier: Cashier, moment: str, orders: int
) -> None:
    cashier.sandbox.fault("slow", path=PREPAY, moment=moment, seconds=1)
    cashier.pay._core._timeout = 0.3

    with pytest.raises(requests.Timeout):
        cashier.prepay(NUMBER)

    assert len(cashier.sandbox.control("orders")["orders"]) == orders


def test_a_fault_without_count_stays_until_it_is_taken_back(cashier: Cashier) -> None:
    sandbox = cashier.sandbox
    sandbox.fault("http_500", path="/v3/", times=None)
    broken = [cashier.prepay(NUMBER)[0], cashier.prepay(NUMBER)[0]]

    headers = {"X-Sandbox-Secret": sandbox.credentials.phone_secret}
    response = requests.delete(f"{sandbox.url}/control/faults", headers=headers, timeout=5)

    assert broken == [500, 500]
    assert response.json()["on"] == []
    assert cashier.prepay(NUMBER)[0] == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "meteor"}, "name"),
        ({"name": "slow", "times": 0}, "times"),
        ({"name": "slow", "times": True}, "times"),
        ({"name": "slow", "moment": "during"}, "moment"),
        ({"name": "slow", "seconds": -1}, "seconds"),
        ({"name": "slow", "path": 7}, "path"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    sandbox: Sandbox, body: dict[str, Any], field: str
) -> None:
    response = sandbox.ask_control("faults", body)

    assert (response.status_code, response.json()["field"]) == (400, field)
    assert sandbox.control("faults")["on"] == []
