"""Prepay (下单): an order exists and can be paid with a prepay_id for two hours."""

import json
import secrets
from dataclasses import asdict, dataclass

from sandbox.clock import from_rfc3339
from sandbox.pay.edge import PayCall
from sandbox.pay.refusals import PayRefusal, order_paid, parameter_wrong, request_invalid
from sandbox.pay.shapes import (
    currency,
    notify_url,
    optional_text,
    required_fen,
    required_object,
    required_text,
)

PREPAY_LIFE_SECONDS = 2 * 3600
SHORTEST_ORDER_SECONDS = 60
LONGEST_ORDER_SECONDS = 90 * 24 * 3600
USUAL_ORDER_SECONDS = 7 * 24 * 3600
TRADE_NUMBER = r"[0-9A-Za-z_\-|*]{6,32}"


@dataclass(frozen=True)
class OrderAsked:
    """The parameters that must not change when the number is used again."""

    out_trade_no: str
    description: str
    attach: str
    goods_tag: str
    notify_url: str
    total_fen: int
    openid: str

    def as_text(self) -> str:
        """The same text for the same parameters."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def prepay(call: PayCall) -> dict[str, object]:
    """POST /v3/pay/transactions/jsapi.

    The same number with the same parameters gives a fresh prepay_id; time_expire counts only
    the first time.
    """
    asked = _asked(call)
    now = call.world.clock.shown()
    expires_at = _expires_at(call, now)
    order = call.world.store.one(
        "SELECT * FROM orders WHERE mchid = ? AND out_trade_no = ?",
        call.merchant.mchid,
        asked.out_trade_no,
    )
    if order is None:
        _insert_order(call, asked, expires_at=expires_at)
    else:
        _refuse_changed_order(call, order["state"], is_same=order["asked"] == asked.as_text())
    prepay_id = "wx" + secrets.token_hex(17)
    call.world.store.run(
        "INSERT INTO prepays (prepay_id, mchid, out_trade_no, expires_at) VALUES (?, ?, ?, ?)",
        prepay_id,
        call.merchant.mchid,
        asked.out_trade_no,
        now + PREPAY_LIFE_SECONDS,
    )
    return {"prepay_id": prepay_id}


def refuse_other_merchant(call: PayCall, mchid: object, *, location: str = "body") -> None:
    """The call is about the merchant who signed it. Raises PayRefusal."""
    if mchid != call.merchant.mchid:
        raise parameter_wrong("mchid", "与签名的商户号不一致", location=location)


def _asked(call: PayCall) -> OrderAsked:
    body = call.body
    refuse_other_merchant(call, required_text(body, "mchid", longest=32))
    if required_text(body, "appid", longest=32) != call.merchant.app_id:
        raise PayRefusal(400, "APPID_MCHID_NOT_MATCH", message="AppID和mch_id不匹配")
    amount = required_object(body, "amount")
    currency(amount, is_required=False)
    openid = required_text(required_object(body, "payer"), "openid", longest=128)
    if call.world.credentials.person(openid) is None:
        raise PayRefusal(500, "OPENID_MISMATCH", message="openid和appid不匹配")
    return OrderAsked(
        out_trade_no=required_text(body, "out_trade_no", longest=32, pattern=TRADE_NUMBER),
        description=required_text(body, "description", longest=127),
        attach=optional_text(body, "attach", longest=128),
        goods_tag=optional_text(body, "goods_tag", longest=32),
        notify_url=notify_url(body, is_required=True),
        total_fen=required_fen(amount, "total"),
        openid=openid,
    )


def _expires_at(call: PayCall, now: float) -> float:
    text = optional_text(call.body, "time_expire", longest=64)
    if not text:
        return now + USUAL_ORDER_SECONDS
    try:
        wanted = from_rfc3339(text)
    except (ValueError, OverflowError) as trouble:
        raise parameter_wrong("time_expire", "不是带时区的RFC3339时间") from trouble
    return min(max(wanted, now + SHORTEST_ORDER_SECONDS), now + LONGEST_ORDER_SECONDS)


def _refuse_changed_order(call: PayCall, state: str, *, is_same: bool) -> None:
    if state == "SUCCESS":
        raise order_paid()
    if state == "CLOSED":
        code = call.world.switches.position("closed_number_code")
        status = 400 if code == "ORDER_CLOSED" else 403
        raise PayRefusal(status, code, message="订单已关闭，请更换商户订单号")
    if not is_same:
        raise request_invalid("请求重入时，参数与首次请求时不一致")


def _insert_order(call: PayCall, asked: OrderAsked, *, expires_at: float) -> None:
    call.world.store.run(
        "INSERT INTO orders (mchid, out_trade_no, appid, openid, description, attach, notify_url,"
        " total_fen, asked, state, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY', ?, ?)",
        call.merchant.mchid,
        asked.out_trade_no,
        call.merchant.app_id,
        asked.openid,
        asked.description,
        asked.attach,
        asked.notify_url,
        asked.total_fen,
        asked.as_text(),
        call.world.clock.shown(),
        expires_at,
    )
