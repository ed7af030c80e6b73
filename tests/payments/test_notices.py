"""Notices: only the provider's word counts, and it counts once."""

import base64
import json
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Role
from notifications.models import Task
from payments.actions.hand_over import LOOK_AT_NOTICE, LOOK_AT_REFUND
from payments.actions.receive import apply_notices, try_to_apply
from payments.actions.refund import promise_refund
from payments.errors import NoticeUnreadable
from payments.ledger import equation_of
from payments.models import Charge, LedgerEntry, Notice, PaymentOrder
from payments.verifying import is_signed, open_envelope, unseal_resource
from sandbox.credentials import Provider
from sandbox.pay.signatures import PaySigner
from tests import make
from tests.make.payments import Heard
from tests.payments.provider_words import notice_of
from tests.payments.till import Till, notice_states
from tests.sandbox.outside import Received

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(till: Till) -> Received:
    """The notice of a payment of 5,000 fen, not delivered yet."""
    _, parameters = till.ask(till.charge(amount_fen=5000))
    till.pay(parameters)
    return till.notice()


def forged(till: Till, told: dict[str, Any], *, kind: str = "TRANSACTION.SUCCESS") -> Received:
    """A notice the provider truly signed, saying what a test wants it to say."""
    return notice_of(till.sandbox, told, kind=kind)


def told_of(payment: PaymentOrder, **changes: Any) -> dict[str, Any]:
    """What the provider says when exactly this was paid, but for the changes."""
    return {
        "appid": payment.merchant.mini_program.app_id,
        "mchid": payment.merchant.mchid,
        "out_trade_no": payment.out_trade_no,
        "transaction_id": "4200" + secrets.token_hex(8),
        "trade_state": "SUCCESS",
        "payer": {"openid": payment.openid},
        "amount": {"total": payment.amount_fen, "currency": "CNY"},
        **changes,
    }


def nothing_happened() -> bool:
    """No money moved and nobody was told."""
    paid = Charge.objects.filter(status=Charge.Status.PAID)
    return not (LedgerEntry.objects.exists() or paid.exists() or Heard.charges)


def test_a_changed_byte_is_a_forgery(till: Till, notice: Received) -> None:
    changed = Received(notice.path, notice.headers, notice.body.replace(b"SUCCESS", b"SUCCESs"))

    answer = till.deliver(changed)

    assert answer.status_code == 403
    assert answer.json() == {"code": "FAIL", "message": "payments.notice_forged"}
    assert not Notice.objects.exists()
    assert nothing_happened()


@pytest.mark.parametrize(
    "headers",
    [
        {"Wechatpay-Serial": "PUB_KEY_ID_0000000000000000000000000000000000"},
        {"Wechatpay-Serial": ""},
        {"Wechatpay-Timestamp": str(int(time.time()) - 3600)},
        {"Wechatpay-Timestamp": "²"},
        {"Wechatpay-Timestamp": "9" * 400},
        {"Wechatpay-Nonce": "other"},
        {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + base64.b64encode(b"x" * 256).decode()},
        {"Wechatpay-Signature": "not base64!"},
        {"Wechatpay-Signature": base64.b64encode(b"x" * 256).decode()},
    ],
)
def test_a_wrong_header_is_a_forgery(till: Till, notice: Received, headers: dict[str, str]) -> None:
    answer = till.deliver(notice, **headers)

    assert answer.status_code == 403
    assert not Notice.objects.exists()
    assert nothing_happened()


def test_the_providers_probe_fails_and_the_true_notice_follows(till: Till) -> None:
    charge = till.charge()
    till.sandbox.fault("signtest_notify")
    _, parameters = till.ask(charge)
    till.pay(parameters)

    probe, true = till.notice(), till.notice()

    assert till.deliver(probe).status_code == 403
    assert till.deliver(true).status_code == 204
    assert Heard.charges == [charge.pk]


def test_an_unknown_merchant_is_not_found(till: Till, notice: Received) -> None:
    answer = Client().post(
        "/payments/1900000001/notify", data=notice.body, content_type="application/json"
    )

    assert answer.status_code == 404
    assert answer.json()["code"] == "FAIL"


def test_a_body_beyond_64_kilobytes_is_refused_unread(till: Till) -> None:
    answer = till.deliver(Received("", {}, b"x" * (64 * 1024 + 1)))

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id":1}', b"\xff\xfe", b"[" * 60_000])
def test_a_signed_body_that_is_no_notice_is_unreadable(till: Till, body: bytes) -> None:
    merchant = till.sandbox.credentials.merchants[0]
    signer = PaySigner(
        private_key_pem=Provider.read(till.sandbox.home).platform_private_key_pem,
        merchants=[merchant],
    )

    answer = till.deliver(Received("", signer.headers(merchant, body, now=time.time()), body))

    assert answer.status_code == 422
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"amount": {"total": 4999, "currency": "CNY"}}, "amount"),
        ({"amount": {"total": 5000, "currency": "USD"}}, "currency"),
        ({"payer": {"openid": "o-somebody-else"}}, "payer"),
        ({"appid": "wx0000000000000000"}, "app"),
        ({"trade_state": "NOTPAY"}, "state"),
    ],
)
def test_what_differs_from_what_was_asked_is_kept_and_refused(
    till: Till, changes: dict[str, Any], part: str
) -> None:
    payment, _ = till.ask(till.charge(amount_fen=5000))

    answer = till.deliver(forged(till, told_of(payment, **changes)))

    assert answer.status_code == 204
    kept = Notice.objects.get()
    assert (kept.status, kept.reason) == ("REFUSED", f"payments.settlement_mismatch {part}")
    assert nothing_happened()


def test_money_that_does_not_fit_is_a_cashiers_duty(till: Till) -> None:
    payment, _ = till.ask(till.charge())

    till.deliver(forged(till, told_of(payment, amount={"total": 1, "currency": "CNY"})))

    task = Task.objects.get()
    assert (task.role, task.kind) == (Role.CASHIER, LOOK_AT_NOTICE)
    assert task.about_id == Notice.objects.get().pk


@pytest.mark.parametrize("state", ["ABNORMAL", "CLOSED"])
def test_a_refund_that_stuck_is_a_cashiers_duty_and_still_owed(till: Till, state: str) -> None:
    charge = till.charge(amount_fen=5000)
    payment = till.paid(charge)
    refund = promise_refund(charge=charge, reason="cancelled")
    assert refund is not None
    told = {
        "mchid": till.merchant.mchid,
        "out_trade_no": payment.out_trade_no,
        "out_refund_no": refund.out_refund_no,
        "refund_status": state,
        "amount": {"total": 5000, "refund": 5000},
    }

    till.deliver(forged(till, told, kind=f"REFUND.{state}"))
    till.deliver(forged(till, told, kind=f"REFUND.{state}"))

    refund.refresh_from_db()
    assert refund.status == state
    assert (Task.objects.get().kind, Task.objects.get().reason) == (LOOK_AT_REFUND, state)
    assert equation_of(charge).promised_fen == 5000


def test_a_notice_about_another_merchant_is_refused(till: Till) -> None:
    payment, _ = till.ask(till.charge())

    till.deliver(forged(till, told_of(payment, mchid="1900000001")))

    assert Notice.objects.get().reason == "payments.notice_unreadable mchid"
    assert nothing_happened()


def test_a_notice_about_an_unknown_order_is_refused(till: Till) -> None:
    payment, _ = till.ask(till.charge())

    till.deliver(forged(till, told_of(payment, out_trade_no="0" * 32)))

    assert Notice.objects.get().reason == "payments.payment_unknown"
    assert nothing_happened()


def test_a_notice_of_a_kind_nobody_asked_for_is_kept(till: Till) -> None:
    till.deliver(forged(till, {"mchid": till.merchant.mchid}, kind="PAYSCORE.USER_OPEN_SERVICE"))

    assert Notice.objects.get().reason == "payments.notice_unsought"


def test_a_notice_after_the_payment_was_closed_still_counts(till: Till) -> None:
    charge = till.charge()
    payment, _ = till.ask(charge)
    PaymentOrder.objects.get().move_to(PaymentOrder.Status.CLOSED)

    till.deliver(forged(till, told_of(payment)))

    assert equation_of(charge).held_fen == 5000


def test_the_body_is_kept_as_received_and_unreadable_in_the_database(
    till: Till, notice: Received
) -> None:
    till.deliver(notice)

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM payments_notice")
        stored = bytes(cursor.fetchone()[0])
    assert bytes(Notice.objects.get().body) == notice.body
    assert b"event_type" not in stored


def test_an_answerer_that_breaks_leaves_the_notice_for_the_sweep(
    till: Till, notice: Received
) -> None:
    Heard.does.append(lambda _: 1 / 0)
    answer = till.deliver(notice)
    state = notice_states()
    Heard.forget()

    till.show_our_time(timedelta(minutes=1))
    apply_notices()

    assert (answer.status_code, state) == (204, ["RECEIVED"])
    assert notice_states() == ["APPLIED"]
    assert len(Heard.charges) == 1


def test_a_notice_applied_again_changes_nothing(till: Till, notice: Received) -> None:
    till.deliver(notice)

    try_to_apply(Notice.objects.get().pk)

    assert LedgerEntry.objects.count() == 1
    assert len(Heard.charges) == 1


@pytest.mark.data
def test_a_notice_signed_elsewhere_is_verified_and_opened(shared_data: Path) -> None:
    """A vector of the provider's own library; its key of 16 bytes opens AES-128."""
    vector = json.loads((shared_data / "wechat/pay_v3_notification_signed.json").read_text())
    headers, body = vector["headers"], vector["body_exact"].encode()
    head = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
    envelope = open_envelope(body)

    plain = unseal_resource(vector["api_v3_key"], envelope.resource)

    pem, signature = vector["platform_certificate_pem"], headers["Wechatpay-Signature"]
    assert is_signed(pem, signed=head + body + b"\n", signature=signature)
    assert not is_signed(pem, signed=head + body + b" \n", signature=signature)
    assert plain == json.loads(vector["expected_plaintext"])
    with pytest.raises(NoticeUnreadable):
        unseal_resource(vector["api_v3_key"], {**envelope.resource, "associated_data": "other"})


def test_a_patients_name_is_in_no_answer_to_the_provider(till: Till, notice: Received) -> None:
    assert make.patient().name not in till.deliver(notice).content.decode()
