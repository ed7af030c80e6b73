"""Refunds, through wechatpayv3."""

from typing import Any

import pytest

from tests.sandbox.libraries import Cashier, told
from tests.sandbox.outside import Sandbox, Stranger

NUMBER = "ZC20260302000001"


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def query_refund(cashier: Cashier, refund_number: str) -> tuple[int, dict[str, Any]]:
    return told(cashier.pay.query_refund(refund_number))


def test_a_refund_is_accepted_first_and_done_a_moment_later(cashier: Cashier) -> None:
    cashier.paid(NUMBER)

    status, accepted = cashier.refund(NUMBER, "R1", fen=1250)
    cashier.sandbox.show_time(5)
    _, done = query_refund(cashier, "R1")

    assert (status, accepted["status"]) == (200, "PROCESSING")
    assert done["status"] == "SUCCESS"
    assert done["refund_id"] == accepted["refund_id"]
    assert done["amount"]["refund"] == 1250
    assert "success_time" in done
    assert cashier.query(NUMBER)[1]["trade_state"] == "REFUND"


def test_the_same_refund_number_refunds_once_however_often(cashier: Cashier) -> None:
    cashier.paid(NUMBER)
    _, first = cashier.refund(NUMBER, "R1", fen=500)

    status, second = cashier.refund(NUMBER, "R1", fen=500)

    assert status == 200
    assert second["refund_id"] == first["refund_id"]
    assert len(cashier.sandbox.control("refunds")["refunds"]) == 1


def test_the_same_refund_number_for_another_amount_is_refused(cashier: Cashier) -> None:
    cashier.paid(NUMBER)
    cashier.refund(NUMBER, "R1", fen=500)

    status, body = cashier.refund(NUMBER, "R1", fen=600)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")


def test_two_refunds_of_one_order_lie_a_minute_apart(cashier: Cashier) -> None:
    cashier.paid(NUMBER)
    cashier.refund(NUMBER, "R1", fen=500)

    too_soon = cashier.refund(NUMBER, "R2", fen=750)
    cashier.sandbox.show_time(61)
    later = cashier.refund(NUMBER, "R2", fen=750)

    assert (too_soon[0], too_soon[1]["code"]) == (429, "FREQUENCY_LIMITED")
    assert later[0] == 200
    assert [r["refund_fen"] for r in cashier.sandbox.control("refunds")["refunds"]] == [500, 750]


def test_no_more_than_was_paid_comes_back(cashier: Cashier) -> None:
    cashier.paid(NUMBER)
    cashier.refund(NUMBER, "R1", fen=500)
    cashier.sandbox.show_time(61)

    status, body = cashier.refund(NUMBER, "R2", fen=751)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")
    assert len(cashier.sandbox.control("refunds")["refunds"]) == 1


def test_an_unpaid_order_is_not_refunded(cashier: Cashier) -> None:
    cashier.prepay(NUMBER)

    status, body = cashier.refund(NUMBER, "R1", fen=1250)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")


def test_a_year_after_payment_it_is_too_late(cashier: Cashier) -> None:
    cashier.paid(NUMBER)
    cashier.sandbox.show_time(366 * 24 * 3600)

    status, body = cashier.refund(NUMBER, "R1", fen=1250)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")


def test_an_unknown_order_or_refund_is_missing(cashier: Cashier) -> None:
    refunded = cashier.refund(NUMBER, "R1", fen=1250)
    asked = query_refund(cashier, "R1")

    assert (refunded[0], refunded[1]["code"]) == (404, "RESOURCE_NOT_EXISTS")
    assert (asked[0], asked[1]["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_a_refund_by_transaction_finds_the_same_order(cashier: Cashier) -> None:
    paid = cashier.paid(NUMBER)
    amount = {"refund": 1250, "total": 1250, "currency": "CNY"}

    status, body = told(
        cashier.pay.refund("R1", amount=amount, transaction_id=paid["transaction_id"])
    )

    assert status == 200
    assert body["out_trade_no"] == NUMBER


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fen": 0}, "amount.refund"),
        ({"fen": "1"}, "amount.refund"),
        ({"fen": 1, "reason": "退😀"}, "body"),
        ({"fen": 1, "reason": "x" * 81}, "reason"),
        ({"fen": 1, "notify_url": "http://198.51.100.7/n"}, "notify_url"),
    ],
)
def test_a_wrong_refund_parameter_is_named(
    cashier: Cashier, changes: dict[str, Any], field: str
) -> None:
    cashier.paid(NUMBER)

    status, body = cashier.refund(NUMBER, "R1", **changes)

    assert (status, body["code"]) == (400, "PARAM_ERROR")
    assert body["detail"]["field"] == field


def test_a_refund_that_names_another_total_is_refused(cashier: Cashier) -> None:
    cashier.paid(NUMBER)

    status, body = cashier.refund(NUMBER, "R1", fen=1, total=1251)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")
