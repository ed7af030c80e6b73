"""Notices: sealed, signed, repeated on the shown clock, and what can go wrong with them."""

import queue
from typing import Any

import pytest

from sandbox.pay.delivery import RETRY_SECONDS
from tests.sandbox.libraries import Cashier, Pay
from tests.sandbox.outside import Answer, Sandbox, Stranger

NUMBER = "ZC20260302000001"


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def settled_notices(sandbox: Sandbox, state: str) -> list[dict[str, Any]]:
    """The notices, asked for until the newest attempt has been written down."""
    notices: list[dict[str, Any]] = []
    for _ in range(2000):
        notices = sandbox.control("notices")["notices"]
        if notices and all(notice["state"] == state for notice in notices):
            return notices
    raise AssertionError(notices)


def attempts_written(sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    """The only notice's attempts, asked for until there are so many."""
    attempts: list[dict[str, Any]] = []
    for _ in range(2000):
        attempts = sandbox.control("notices")["notices"][0]["attempts"]
        if len(attempts) >= count:
            return attempts
    raise AssertionError(attempts)


def test_wechatpayv3_opens_the_notice_of_a_payment(cashier: Cashier, product: Stranger) -> None:
    cashier.paid(NUMBER, attach="预约挂号")

    notice = product.next()
    opened = cashier.opened(notice)

    assert notice.path == "/payments/notify"
    assert opened["event_type"] == "TRANSACTION.SUCCESS"
    assert opened["resource"]["out_trade_no"] == NUMBER
    assert opened["resource"]["trade_state"] == "SUCCESS"
    assert opened["resource"]["amount"]["total"] == 1250
    assert opened["resource"]["attach"] == "预约挂号"
    assert NUMBER.encode() not in notice.body
    [kept] = settled_notices(cashier.sandbox, "DELIVERED")
    assert [one["outcome"] for one in kept["attempts"]] == ["204"]


def test_wechatpayv3_opens_the_notice_of_a_refund(cashier: Cashier, product: Stranger) -> None:
    cashier.paid(NUMBER)
    product.next()
    cashier.refund(NUMBER, "R1", fen=500, notify_url=f"{product.url}/refunds/notify")
    cashier.sandbox.show_time(5)

    notice = product.next()
    opened = cashier.opened(notice)

    assert notice.path == "/refunds/notify"
    assert opened["event_type"] == "REFUND.SUCCESS"
    assert opened["resource"]["refund_status"] == "SUCCESS"
    assert opened["resource"]["out_refund_no"] == "R1"
    assert opened["resource"]["amount"]["refund"] == 500


def test_a_changed_notice_or_another_key_opens_nothing(cashier: Cashier, product: Stranger) -> None:
    cashier.paid(NUMBER)
    notice = product.next()

    changed = cashier.pay.callback(notice.headers, notice.body.replace(b"SUCCESS", b"SUCCESs"))
    stranger = Pay(cashier.sandbox, apiv3_key="0" * 32).callback(notice.headers, notice.body)

    assert changed is None
    assert stranger is None


def test_a_notice_that_is_not_acknowledged_comes_again_by_the_schedule(
    cashier: Cashier, product: Stranger
) -> None:
    product.next_answers.put(Answer(500))
    product.next_answers.put(Answer(200, {"code": "SUCCESS"}))
    cashier.paid(NUMBER)
    first = product.next()
    attempts_written(cashier.sandbox, 1)

    with pytest.raises(queue.Empty):
        product.received.get(timeout=0.3)
    cashier.sandbox.show_time(16)
    second = product.next()

    assert second.body == first.body
    assert second.headers["Wechatpay-Nonce"] != first.headers["Wechatpay-Nonce"]
    [kept] = settled_notices(cashier.sandbox, "DELIVERED")
    assert [one["outcome"] for one in kept["attempts"]] == ["500", "200"]


def test_the_schedule_is_the_one_wechat_pay_publishes() -> None:
    assert len(RETRY_SECONDS) == 15
    assert sum(RETRY_SECONDS) == 24 * 3600 + 4 * 60


def test_wechat_pay_gives_up_after_fifteen_repetitions(cashier: Cashier, product: Stranger) -> None:
    product.answers["/payments/notify"] = Answer(500)
    cashier.sandbox.show_time(0, speed=200_000)
    cashier.paid(NUMBER)

    [kept] = settled_notices(cashier.sandbox, "GIVEN_UP")

    assert len(kept["attempts"]) == 16


def test_nobody_listening_is_tried_again(sandbox: Sandbox, product: Stranger) -> None:
    cashier = Cashier(sandbox, product)
    cashier.notify_url = "http://127.0.0.1:9/notify"
    cashier.paid(NUMBER)

    [attempt] = attempts_written(sandbox, 1)

    assert attempt["outcome"] == "ConnectError"
    assert sandbox.control("notices")["notices"][0]["state"] == "PENDING"


def test_a_lost_notice_never_comes_but_the_order_is_paid(
    cashier: Cashier, product: Stranger
) -> None:
    cashier.sandbox.fault("lost_notify")
    cashier.paid(NUMBER)
    cashier.paid("ZC20260302000002")

    only = cashier.opened(product.next())

    assert only["resource"]["out_trade_no"] == "ZC20260302000002"
    assert cashier.query(NUMBER)[1]["trade_state"] == "SUCCESS"
    states = [one["state"] for one in cashier.sandbox.control("notices")["notices"]]
    assert states[0] == "LOST"


def test_a_duplicate_comes_after_the_acknowledgement_with_the_same_id(
    cashier: Cashier, product: Stranger
) -> None:
    cashier.sandbox.fault("duplicate_notify", event="TRANSACTION.SUCCESS")
    cashier.paid(NUMBER)

    first, second = product.next(), product.next()

    assert first.json()["id"] == second.json()["id"]
    [kept] = settled_notices(cashier.sandbox, "DELIVERED")
    assert [one["outcome"] for one in kept["attempts"]] == ["204", "204"]


def test_a_late_notice_waits_on_the_shown_clock(cashier: Cashier, product: Stranger) -> None:
    cashier.sandbox.fault("late_notify", seconds=600)
    cashier.paid(NUMBER)
    cashier.paid("ZC20260302000002")

    before = cashier.opened(product.next())
    cashier.sandbox.show_time(601)
    late = cashier.opened(product.next())

    assert before["resource"]["out_trade_no"] == "ZC20260302000002"
    assert late["resource"]["out_trade_no"] == NUMBER


def test_a_probe_fails_verification_and_the_real_notice_follows(
    cashier: Cashier, product: Stranger
) -> None:
    cashier.sandbox.fault("signtest_notify")
    product.next_answers.put(Answer(401, {"code": "FAIL"}))
    cashier.paid(NUMBER)

    probe, real = product.next(), product.next()

    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert cashier.opened(probe) is None
    assert cashier.opened(real)["resource"]["out_trade_no"] == NUMBER
    [kept] = settled_notices(cashier.sandbox, "DELIVERED")
    told = [(one["probe"], one["outcome"]) for one in kept["attempts"]]
    assert told == [(True, "401"), (False, "204")]


def test_a_fault_for_refunds_leaves_payments_alone(cashier: Cashier, product: Stranger) -> None:
    cashier.sandbox.fault("lost_notify", event="REFUND.SUCCESS")

    cashier.paid(NUMBER)

    assert cashier.opened(product.next())["event_type"] == "TRANSACTION.SUCCESS"
    assert cashier.sandbox.control("faults")["on"][0]["event"] == "REFUND.SUCCESS"


def test_a_notice_owed_before_a_restart_is_delivered_after_it(
    cashier: Cashier, product: Stranger
) -> None:
    cashier.sandbox.fault("late_notify", seconds=600)
    cashier.paid(NUMBER)
    cashier.sandbox.restart()
    cashier.sandbox.show_time(601)

    notice = product.next()

    assert cashier.opened(notice)["resource"]["out_trade_no"] == NUMBER
