"""WeChat Pay v3 (微信支付) by way of `wechatpayv3`: calls that leave the building.

Each raises ProviderRefused, which is recorded, or ProviderUnreachable, which is tried again.
Never inside a command: nobody holds locks while a stranger thinks.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from wechatpayv3 import WeChatPay, WeChatPayType

from common import clock, commands
from hospitals.models import Merchant
from payments.errors import NoticeUnreadable, ProviderRefused, ProviderUnreachable
from payments.models import PaymentOrder, Refund
from payments.transaction import RefundWord, Transaction

ORDER_MISSING = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
WORTH_ANOTHER_TRY = frozenset({"SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"})
PAID_CODE = "ORDER_PAID"
T = TypeVar("T")

DESCRIPTION = "医院费用"  # the provider learns the amount, and never what was done


class _Library(WeChatPay):  # type: ignore[misc]  # the library has no types
    """The library in public-key mode, at the address the settings name (wechat.md D, choice 1)."""

    def __init__(self, merchant: Merchant, gateway: str) -> None:
        super().__init__(
            wechatpay_type=WeChatPayType.MINIPROG,
            mchid=merchant.mchid,
            private_key=merchant.private_key_pem,
            cert_serial_no=merchant.serial_no,
            appid=merchant.mini_program.app_id,
            apiv3_key=merchant.apiv3_key,
            public_key=merchant.public_key_pem,
            public_key_id=merchant.public_key_id,
            timeout=settings.PROVIDER_TIMEOUT_SECONDS,
        )
        self._core._gate_way = gateway  # noqa: SLF001 - the library has no public way to say it


@lru_cache(maxsize=64)
def _library(*, merchant_id: UUID, serial_no: str, gateway: str) -> _Library:
    """One client for a merchant's key; a new serial is a new client."""
    merchant = Merchant.objects.select_related("mini_program").get(pk=merchant_id)
    return _Library(merchant, gateway)


def _client(merchant: Merchant) -> _Library:
    return _library(
        merchant_id=merchant.pk,
        serial_no=merchant.serial_no,
        gateway=settings.WECHAT_PAY_URL.rstrip("/"),
    )


def forget_clients() -> None:
    """Drop the clients this process keeps; for tests, whose merchants vanish."""
    _library.cache_clear()


@dataclass(frozen=True)
class ClientParameters:
    """What the phone hands to wx.requestPayment; `appId` is signed and not passed on."""

    app_id: str
    time_stamp: str
    nonce: str
    package: str
    pay_sign: str

    def as_dict(self) -> dict[str, str]:
        """By the names WeChat gives them."""
        return {
            "appId": self.app_id,
            "timeStamp": self.time_stamp,
            "nonceStr": self.nonce,
            "package": self.package,
            "signType": "RSA",
            "paySign": self.pay_sign,
        }


def sign_for_phone(payment: PaymentOrder) -> ClientParameters:
    """The parameters of a payment that has a prepay_id, signed just now with our key."""
    app_id = payment.merchant.mini_program.app_id
    time_stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    package = f"prepay_id={payment.prepay_id}"
    signature = _client(payment.merchant).sign([app_id, time_stamp, nonce, package])
    return ClientParameters(app_id, time_stamp, nonce, package, signature)


def prepay(payment: PaymentOrder) -> str:
    """The provider is ready to take the money; returns its prepay_id, good for two hours."""
    told = _call(
        _client(payment.merchant).pay,
        description=DESCRIPTION,
        out_trade_no=payment.out_trade_no,
        amount={"total": payment.amount_fen, "currency": "CNY"},
        payer={"openid": payment.openid},
        time_expire=_rfc3339(payment.expires_at),
        notify_url=notify_url(payment.merchant),
    )
    prepay_id = told.get("prepay_id")
    if not isinstance(prepay_id, str) or not prepay_id:
        raise ProviderUnreachable(reason="unreadable")
    return prepay_id


def query(payment: PaymentOrder) -> Transaction | None:
    """The payment as the provider has it; None where it never heard of it."""
    try:
        told = _call(_client(payment.merchant).query, out_trade_no=payment.out_trade_no)
    except ProviderRefused as refusal:
        if refusal.facts["reason"] in ORDER_MISSING:
            return None
        raise
    return _read(Transaction.read, told)


def close(payment: PaymentOrder) -> None:
    """Nobody can pay it any more. Raises ProviderRefused ORDER_PAID where somebody has."""
    _call(_client(payment.merchant).close, out_trade_no=payment.out_trade_no)


def refund(refund: Refund) -> RefundWord:
    """The provider was asked to give the money back; the same number is the same refund."""
    told = _call(
        _client(refund.payment.merchant).refund,
        out_refund_no=refund.out_refund_no,
        out_trade_no=refund.payment.out_trade_no,
        amount={
            "refund": refund.amount_fen,
            "total": refund.payment.amount_fen,
            "currency": "CNY",
        },
        notify_url=notify_url(refund.payment.merchant),
    )
    return _read(RefundWord.read, told)


def query_refund(refund: Refund) -> RefundWord:
    """The refund as the provider has it."""
    told = _call(_client(refund.payment.merchant).query_refund, out_refund_no=refund.out_refund_no)
    return _read(RefundWord.read, told)


def notify_url(merchant: Merchant) -> str:
    """Where the provider tells us of this merchant's money."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/payments/{merchant.mchid}/notify"


def _call(function: Callable[..., tuple[int, Any]], **asked: object) -> Mapping[str, Any]:
    """The answer's JSON object; {} where there is none."""
    if commands.current() is not None:
        raise RuntimeError("No network call inside a command.")
    try:
        status, text = function(**asked)
    except Exception as trouble:  # also what the library raises for a bad signature
        raise ProviderUnreachable(reason=type(trouble).__name__) from trouble
    told = _object(text)
    if 200 <= status < 300:
        return told
    code = str(told.get("code", ""))[:40]
    if not code or status >= 500 or status == 429 or code in WORTH_ANOTHER_TRY:
        raise ProviderUnreachable(reason=code or str(status))
    raise ProviderRefused(reason=code)


def _object(text: str | bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _read(reader: Callable[[Mapping[str, Any]], T], told: Mapping[str, Any]) -> T:
    try:
        return reader(told)
    except NoticeUnreadable as trouble:
        raise ProviderUnreachable(reason="unreadable") from trouble


def _rfc3339(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")
