"""Orders (订单) after prepay: asking about them, and closing them."""

import sqlite3

from sandbox.clock import rfc3339
from sandbox.pay.edge import PayCall
from sandbox.pay.prepay import refuse_other_merchant
from sandbox.pay.refunds import settle_due_refunds
from sandbox.pay.refusals import order_missing, order_paid
from sandbox.pay.shapes import required_text
from sandbox.world import World

STATES: dict[str, str] = {
    "NOTPAY": "订单未支付",
    "SUCCESS": "支付成功",
    "CLOSED": "订单已关闭",
    "REFUND": "订单发生过退款",
}


def query_by_trade_number(call: PayCall) -> dict[str, object]:
    """GET /v3/pay/transactions/out-trade-no/{no}?mchid=."""
    refuse_other_merchant(call, call.query.get("mchid"), location="query")
    return described(call.world, order_of_call(call))


def query_by_transaction(call: PayCall) -> dict[str, object]:
    """GET /v3/pay/transactions/id/{transaction_id}?mchid=."""
    refuse_other_merchant(call, call.query.get("mchid"), location="query")
    order = call.world.store.one(
        "SELECT * FROM orders WHERE mchid = ? AND transaction_id = ?",
        call.merchant.mchid,
        call.path["transaction_id"],
    )
    if order is None:
        raise order_missing(call.world.switches.position("order_missing_code"))
    return described(call.world, order)


def close(call: PayCall) -> None:
    """POST …/out-trade-no/{no}/close: nobody can pay it any more; closing twice is one close."""
    refuse_other_merchant(call, required_text(call.body, "mchid", longest=32))
    order = order_of_call(call)
    if order["state"] == "SUCCESS":
        raise order_paid()
    call.world.store.run("UPDATE orders SET state = 'CLOSED' WHERE seq = ?", order["seq"])


def order_of_call(call: PayCall) -> sqlite3.Row:
    """The order whose number stands in the path. Raises PayRefusal."""
    order = call.world.store.one(
        "SELECT * FROM orders WHERE mchid = ? AND out_trade_no = ?",
        call.merchant.mchid,
        call.path["out_trade_no"],
    )
    if order is None:
        raise order_missing(call.world.switches.position("order_missing_code"))
    return order


def trade_state(world: World, order: sqlite3.Row) -> str:
    """The state WeChat Pay tells: a paid order with any refund reads REFUND."""
    if order["state"] == "SUCCESS":
        refund = world.store.one(
            "SELECT 1 FROM refunds WHERE mchid = ? AND out_trade_no = ?",
            order["mchid"],
            order["out_trade_no"],
        )
        return "SUCCESS" if refund is None else "REFUND"
    return str(order["state"])


def described(world: World, order: sqlite3.Row) -> dict[str, object]:
    """The order as queries and notices show it."""
    settle_due_refunds(world)
    state = trade_state(world, order)
    answer: dict[str, object] = {
        "appid": order["appid"],
        "mchid": order["mchid"],
        "out_trade_no": order["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": STATES[state],
    }
    if order["transaction_id"] is None:
        return answer | {"amount": {"total": order["total_fen"], "currency": "CNY"}}
    return answer | {
        "transaction_id": order["transaction_id"],
        "trade_type": "JSAPI",
        "bank_type": "OTHERS",
        "attach": order["attach"],
        "success_time": rfc3339(order["paid_at"]),
        "payer": {"openid": order["openid"]},
        "amount": {
            "total": order["total_fen"],
            "payer_total": order["total_fen"],
            "currency": "CNY",
            "payer_currency": "CNY",
        },
        "promotion_detail": [],
    }
