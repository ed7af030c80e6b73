"""Orders of WeChat Pay, through wechatpayv3."""

from typing import Any

import pytest
import requests

from sandbox.clock import from_rfc3339, rfc3339
from tests.sandbox.libraries import Cashier, told
from tests.sandbox.outside import Sandbox, Stranger

NUMBER = "ZC20260302000001"


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def test_a_paid_order_reads_paid_by_both_numbers(sandbox: Sandbox, cashier: Cashier) -> None:
    cashier.paid(NUMBER, attach="预约挂号")

    _, by_number = cashier.query(NUMBER)
    _, by_transaction = told(cashier.pay.query(transaction_id=by_number["transaction_id"]))

    assert by_number["trade_state"] == "SUCCESS"
    assert by_number["amount"]["payer_total"] == 1250
    assert by_number["payer"] == {"openid": cashier.payer.openid}
    assert by_number["attach"] == "预约挂号"
    assert by_transaction == by_number
    [row] = sandbox.control("orders")["orders"]
    assert row["total_fen"] == 1250
    assert row["transaction_id"] == by_number["transaction_id"]


def test_an_unpaid_order_reads_unpaid_and_has_no_transaction(cashier: Cashier) -> None:
    cashier.prepay(NUMBER)

    status, body = cashier.query(NUMBER)

    assert status == 200
    assert body["trade_state"] == "NOTPAY"
    assert "transaction_id" not in body


def test_the_same_order_again_gives_a_fresh_prepay_id_and_either_pays(cashier: Cashier) -> None:
    first = cashier.ordered(NUMBER)
    second = cashier.ordered(NUMBER)

    cashier.sandbox.control("pay", first)

    assert first["package"] != second["package"]
    refusal = cashier.sandbox.ask_control("pay", second)
    assert refusal.status_code == 409
    assert refusal.json()["error"] == "order_paid"


def test_a_number_used_again_for_another_amount_is_refused(cashier: Cashier) -> None:
    cashier.prepay(NUMBER)

    status, body = cashier.prepay(NUMBER, fen=1)

    assert (status, body["code"]) == (400, "INVALID_REQUEST")


def test_a_paid_number_cannot_be_ordered_or_closed(cashier: Cashier) -> None:
    cashier.paid(NUMBER)

    ordered = cashier.prepay(NUMBER)
    closed = told(cashier.pay.close(NUMBER))

    assert (ordered[0], ordered[1]["code"]) == (400, "ORDER_PAID")
    assert (closed[0], closed[1]["code"]) == (400, "ORDER_PAID")
    assert cashier.query(NUMBER)[1]["trade_state"] == "SUCCESS"


def test_a_closed_order_closes_again_and_is_not_paid(cashier: Cashier) -> None:
    parameters = cashier.ordered(NUMBER)

    first, second = cashier.pay.close(NUMBER), cashier.pay.close(NUMBER)

    assert (first[0], second[0]) == (204, 204)
    assert cashier.sandbox.ask_control("pay", parameters).json()["error"] == "order_closed"
    assert cashier.query(NUMBER)[1]["trade_state"] == "CLOSED"


@pytest.mark.parametrize(
    ("position", "status"), [("ORDER_CLOSED", 400), ("OUT_TRADE_NO_USED", 403)]
)
def test_a_closed_number_is_refused_in_either_of_the_ways_sources_tell(
    cashier: Cashier, position: str, status: int
) -> None:
    cashier.sandbox.control("switches", {"closed_number_code": position})
    cashier.prepay(NUMBER)
    cashier.pay.close(NUMBER)

    assert cashier.prepay(NUMBER)[1]["code"] == position
    assert cashier.prepay(NUMBER)[0] == status


@pytest.mark.parametrize("position", ["ORDERNOTEXIST", "ORDER_NOT_EXIST"])
def test_an_unknown_order_is_missing_in_either_spelling(cashier: Cashier, position: str) -> None:
    cashier.sandbox.control("switches", {"order_missing_code": position})

    answers = [
        cashier.query(NUMBER),
        told(cashier.pay.query(transaction_id="4200000000000000000000000000")),
        told(cashier.pay.close(NUMBER)),
    ]

    assert [(status, body["code"]) for status, body in answers] == [(404, position)] * 3


def test_the_deadline_of_an_order_runs_on_the_shown_clock(cashier: Cashier) -> None:
    wanted = rfc3339(cashier.sandbox.real() + 900)
    parameters = cashier.ordered(NUMBER, time_expire=wanted)
    cashier.sandbox.show_time(901)

    refusal = cashier.sandbox.ask_control("pay", parameters)

    assert refusal.json()["error"] == "order_expired"
    assert cashier.query(NUMBER)[1]["trade_state"] == "NOTPAY"


def test_a_deadline_in_the_past_becomes_one_minute(cashier: Cashier) -> None:
    cashier.prepay(NUMBER, time_expire="2020-01-01T00:00:00+08:00")

    [row] = cashier.sandbox.control("orders")["orders"]

    assert from_rfc3339(row["time_expire"]) - from_rfc3339(row["created_at"]) == 60


def test_the_first_deadline_counts(cashier: Cashier) -> None:
    cashier.prepay(NUMBER, time_expire=rfc3339(cashier.sandbox.real() + 900))

    status, _ = cashier.prepay(NUMBER, time_expire=rfc3339(cashier.sandbox.real() + 9000))

    [row] = cashier.sandbox.control("orders")["orders"]
    assert status == 200
    assert from_rfc3339(row["time_expire"]) - from_rfc3339(row["created_at"]) in {899, 900, 901}


def test_a_prepay_id_lasts_two_hours(cashier: Cashier) -> None:
    parameters = cashier.ordered(NUMBER)
    cashier.sandbox.show_time(2 * 3600 + 1)

    assert cashier.sandbox.ask_control("pay", parameters).json()["error"] == "prepay_expired"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": "挂号费 😀"}, "body"),
        ({"description": "欧阳𬱖"}, "body"),
        ({"description": "一" * 128}, "description"),
        ({"attach": "x" * 129}, "attach"),
        ({"time_expire": "2026-03-02 08:00"}, "time_expire"),
        ({"notify_url": "http://127.0.0.1:1/n?order=1"}, "notify_url"),
        ({"notify_url": "https://example.org/notify"}, "notify_url"),
        ({"notify_url": "http://127.0.0.1:1/n\n"}, "notify_url"),
        ({"notify_url": "http://127.0.0.1:99999/n"}, "notify_url"),
        ({"notify_url": "http://[::1"}, "notify_url"),
        ({"notify_url": "ftp://127.0.0.1/notify"}, "notify_url"),
        ({"fen": 0}, "amount.total"),
        ({"fen": 12.5}, "amount.total"),
        ({"fen": True}, "amount.total"),
        ({"fen": "1250"}, "amount.total"),
        ({"fen": 10**20}, "amount.total"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_ordered(
    cashier: Cashier, changes: dict[str, Any], field: str
) -> None:
    status, body = cashier.prepay(NUMBER, **changes)

    assert (status, body["code"]) == (400, "PARAM_ERROR")
    assert body["detail"]["field"] == field
    assert cashier.sandbox.control("orders")["orders"] == []


@pytest.mark.parametrize("number", ["short", "x" * 33, "带中文的订单号", "has space"])
def test_an_order_number_has_its_own_alphabet(cashier: Cashier, number: str) -> None:
    status, body = cashier.prepay(number)

    assert (status, body["code"]) == (400, "PARAM_ERROR")


def test_a_payer_nobody_knows_is_refused(cashier: Cashier) -> None:
    status, body = cashier.prepay(NUMBER, payer={"openid": "o-nobody"})

    assert (status, body["code"]) == (500, "OPENID_MISMATCH")


def test_the_merchant_pays_into_its_own_app_only(cashier: Cashier) -> None:
    cashier.pay._appid = "wx0000000000000000"

    status, body = cashier.prepay(NUMBER)

    assert (status, body["code"]) == (400, "APPID_MCHID_NOT_MATCH")


def test_an_order_of_another_merchant_is_not_told(cashier: Cashier) -> None:
    cashier.prepay(NUMBER)

    status, text = cashier.pay._core.request(
        f"/v3/pay/transactions/out-trade-no/{NUMBER}?mchid=1900000000"
    )

    assert status == 400
    assert "PARAM_ERROR" in text


@pytest.mark.parametrize("name", ["timeStamp", "nonceStr", "paySign"])
def test_the_wallet_pays_nothing_that_the_merchant_did_not_sign(
    cashier: Cashier, name: str
) -> None:
    parameters = cashier.ordered(NUMBER)
    parameters[name] = f"{parameters[name]}1"

    refusal = cashier.sandbox.ask_control("pay", parameters)

    assert refusal.json()["error"] == "signature_wrong"
    assert cashier.query(NUMBER)[1]["trade_state"] == "NOTPAY"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"package": "prepay_id=made-up"}, "prepay_unknown"),
        ({"signType": "MD5"}, "sign_type_wrong"),
        ({"nonceStr": 7}, "parameters_missing"),
        ({"appId": "wx0000000000000000"}, "app_wrong"),
    ],
)
def test_the_wallet_says_what_is_wrong(
    cashier: Cashier, changes: dict[str, object], error: str
) -> None:
    parameters = {**cashier.ordered(NUMBER), **changes}

    assert cashier.sandbox.ask_control("pay", parameters).json()["error"] == error


def test_a_merchant_in_public_key_mode_has_no_platform_certificates(cashier: Cashier) -> None:
    status, body = told(cashier.pay._core.request("/v3/certificates"))

    assert (status, body["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_a_body_without_end_is_cut_off_before_it_is_read(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/v3/pay/transactions/jsapi"

    assert requests.post(url, data=b"x" * (10 * 1024 * 1024), timeout=5).status_code == 413
