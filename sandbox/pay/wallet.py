"""The wallet (钱包): the only thing in the sandbox that pays."""

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.pay.notices import merchant_with, queue_notice
from sandbox.pay.orders import described
from sandbox.world import World

PACKAGE_MARK = "prepay_id="


class WalletRefusal(Exception):
    """The wallet does not pay; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PaymentAsked:
    """The parameters of wx.requestPayment; appId is signed, but only shells pass it on."""

    app_id: str
    time_stamp: str
    nonce: str
    package: str
    sign_type: str
    pay_sign: str

    @classmethod
    def from_mapping(cls, told: Mapping[str, object]) -> "PaymentAsked":
        """Raises WalletRefusal when one is missing or not a string."""
        names = ("timeStamp", "nonceStr", "package", "signType", "paySign")
        values = [told.get(name) for name in names]
        app_id = told.get("appId", "")
        if not isinstance(app_id, str) or not all(
            value and isinstance(value, str) for value in values
        ):
            raise WalletRefusal("parameters_missing")
        return cls(app_id, *(str(value) for value in values))


def order_to_pay(world: World, asked: PaymentAsked) -> sqlite3.Row:
    """The order that the merchant's signature asks this wallet to pay.

    Raises WalletRefusal: sign_type_wrong, prepay_unknown, app_wrong, signature_wrong.
    """
    if asked.sign_type != "RSA":
        raise WalletRefusal("sign_type_wrong")
    prepay_id = asked.package.removeprefix(PACKAGE_MARK)
    order = world.store.one(
        "SELECT orders.*, prepays.expires_at AS prepay_expires_at FROM prepays JOIN orders"
        " USING (mchid, out_trade_no) WHERE prepay_id = ?",
        prepay_id,
    )
    if order is None or not asked.package.startswith(PACKAGE_MARK):
        raise WalletRefusal("prepay_unknown")
    if asked.app_id not in {"", order["appid"]}:
        raise WalletRefusal("app_wrong")
    lines = (order["appid"], asked.time_stamp, asked.nonce, asked.package)
    merchant = merchant_with(world, order["mchid"])
    if not world.signer.is_pay_sign(merchant, lines, signature=asked.pay_sign):
        raise WalletRefusal("signature_wrong")
    return order


def pay(world: World, asked: PaymentAsked) -> dict[str, object]:
    """The order is paid and its notice is owed.

    Raises WalletRefusal, also order_paid, order_closed, order_expired, prepay_expired.
    """
    with world.store.transaction():
        order = order_to_pay(world, asked)
        refuse_unpayable(world, order)
        world.store.run(
            "UPDATE orders SET state = 'SUCCESS', transaction_id = ?, paid_at = ? WHERE seq = ?",
            "4200" + str(secrets.randbelow(10**24)).zfill(24),
            world.clock.shown(),
            order["seq"],
        )
        paid = world.store.one("SELECT * FROM orders WHERE seq = ?", order["seq"])
        if paid is None:
            raise LookupError("order vanished")
        content = described(world, paid)
        queue_notice(
            world,
            mchid=paid["mchid"],
            event="TRANSACTION.SUCCESS",
            about=paid["out_trade_no"],
            url=paid["notify_url"],
            content=content,
        )
        return content


def refuse_unpayable(world: World, order: sqlite3.Row) -> None:
    """Raises WalletRefusal unless the order can be paid now."""
    now = world.clock.shown()
    if order["state"] == "SUCCESS":
        raise WalletRefusal("order_paid")
    if order["state"] == "CLOSED":
        raise WalletRefusal("order_closed")
    if now >= order["expires_at"]:
        raise WalletRefusal("order_expired")
    if now >= order["prepay_expires_at"]:
        raise WalletRefusal("prepay_expired")
