"""Refunds (退款): accepted at once, done a moment later, then told by a notice."""

import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass

from sandbox.clock import rfc3339
from sandbox.pay.edge import PayCall
from sandbox.pay.notices import queue_notice
from sandbox.pay.refusals import parameter_wrong, request_invalid, resource_missing, too_often
from sandbox.pay.shapes import (
    currency,
    notify_url,
    optional_text,
    required_fen,
    required_object,
    required_text,
)
from sandbox.world import World

SETTLE_SECONDS = 1.0  # a refund's acceptance and its success are two moments
APART_SECONDS = 60  # between two refunds of one order
MOST_REFUNDS = 50
LATEST_SECONDS = 365 * 24 * 3600
REFUND_NUMBER = r"[0-9A-Za-z_\-|*@]{1,64}"
USER_ACCOUNT = "支付用户零钱"


@dataclass(frozen=True)
class RefundAsked:
    """The parameters that must not change when the number is used again."""

    transaction_id: str
    out_trade_no: str
    out_refund_no: str
    reason: str
    notify_url: str
    refund_fen: int
    total_fen: int

    def as_text(self) -> str:
        """The same text for the same parameters."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def refund(call: PayCall) -> dict[str, object]:
    """POST /v3/refund/domestic/refunds.

    The same out_refund_no with the same parameters is the same refund, however often.
    """
    asked = _asked(call)
    settle_due_refunds(call.world)
    known = _refund_row(call, asked.out_refund_no)
    if known is not None:
        if known["asked"] != asked.as_text():
            raise request_invalid("退款单号已存在，参数与首次请求时不一致")
        return described_refund(call.world, known)
    order = _order(call, asked)
    _refuse_broken_limits(call, order, asked=asked)
    _insert_refund(call, order, asked=asked)
    fresh = _refund_row(call, asked.out_refund_no)
    if fresh is None:
        raise LookupError("refund vanished")
    return described_refund(call.world, fresh)


def query_refund(call: PayCall) -> dict[str, object]:
    """GET /v3/refund/domestic/refunds/{out_refund_no}."""
    settle_due_refunds(call.world)
    row = _refund_row(call, call.path["out_refund_no"])
    if row is None:
        raise resource_missing("退款单不存在")
    return described_refund(call.world, row)


def settle_due_refunds(world: World) -> None:
    """Every accepted refund whose moment has come is done, and its notice queued."""
    now = world.clock.shown()
    due = world.store.all(
        "SELECT * FROM refunds WHERE status = 'PROCESSING' AND settles_at <= ? ORDER BY seq", now
    )
    if not due:
        return
    with world.store.transaction():
        for row in due:
            world.store.run(
                "UPDATE refunds SET status = 'SUCCESS', success_at = ? WHERE seq = ?",
                now,
                row["seq"],
            )
            _queue_refund_notice(world, row, now=now)


def described_refund(world: World, row: sqlite3.Row) -> dict[str, object]:
    """The refund as its request and its query answer it."""
    answer: dict[str, object] = {
        "refund_id": row["refund_id"],
        "out_refund_no": row["out_refund_no"],
        "transaction_id": row["transaction_id"],
        "out_trade_no": row["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": USER_ACCOUNT,
        "create_time": rfc3339(row["created_at"]),
        "status": row["status"],
        "funds_account": "AVAILABLE",
        "amount": {
            "total": row["total_fen"],
            "refund": row["refund_fen"],
            "payer_total": row["total_fen"],
            "payer_refund": row["refund_fen"],
            "settlement_total": row["total_fen"],
            "settlement_refund": row["refund_fen"],
            "discount_refund": 0,
            "currency": "CNY",
        },
    }
    if row["success_at"] is not None:
        answer["success_time"] = rfc3339(row["success_at"])
    return answer


def _asked(call: PayCall) -> RefundAsked:
    body = call.body
    amount = required_object(body, "amount")
    currency(amount, is_required=True)
    transaction_id = optional_text(body, "transaction_id", longest=32)
    out_trade_no = optional_text(body, "out_trade_no", longest=32)
    if not transaction_id and not out_trade_no:
        raise parameter_wrong("transaction_id", "与out_trade_no至少填一个")
    return RefundAsked(
        transaction_id=transaction_id,
        out_trade_no=out_trade_no,
        out_refund_no=required_text(body, "out_refund_no", longest=64, pattern=REFUND_NUMBER),
        reason=optional_text(body, "reason", longest=80),
        notify_url=notify_url(body, is_required=False),
        refund_fen=required_fen(amount, "refund"),
        total_fen=required_fen(amount, "total"),
    )


def _order(call: PayCall, asked: RefundAsked) -> sqlite3.Row:
    """The paid order that both numbers, where given, name. Raises PayRefusal."""
    order = call.world.store.one(
        "SELECT * FROM orders WHERE mchid = ? AND (? = '' OR transaction_id = ?)"
        " AND (? = '' OR out_trade_no = ?)",
        call.merchant.mchid,
        asked.transaction_id,
        asked.transaction_id,
        asked.out_trade_no,
        asked.out_trade_no,
    )
    if order is None:
        raise resource_missing("订单不存在")
    if order["state"] != "SUCCESS":
        raise request_invalid("订单未支付，不能退款")
    return order


def _refuse_broken_limits(call: PayCall, order: sqlite3.Row, *, asked: RefundAsked) -> None:
    now = call.world.clock.shown()
    before = call.world.store.one(
        "SELECT count(*) AS times, coalesce(sum(refund_fen), 0) AS fen, max(created_at) AS last_at"
        " FROM refunds WHERE mchid = ? AND out_trade_no = ?",
        order["mchid"],
        order["out_trade_no"],
    )
    if before is None:
        raise LookupError("an aggregate has a row")
    if asked.total_fen != order["total_fen"]:
        raise request_invalid("订单金额与原订单不一致")
    if before["fen"] + asked.refund_fen > order["total_fen"]:
        raise request_invalid("累计退款金额大于支付金额")
    if now - order["paid_at"] > LATEST_SECONDS:
        raise request_invalid("订单已超过可退款的最大期限")
    if before["times"] >= MOST_REFUNDS:
        raise request_invalid("部分退款次数超过限制")
    if before["times"] and now - before["last_at"] < APART_SECONDS:
        raise too_often()


def _insert_refund(call: PayCall, order: sqlite3.Row, *, asked: RefundAsked) -> None:
    now = call.world.clock.shown()
    call.world.store.run(
        "INSERT INTO refunds (mchid, out_refund_no, refund_id, out_trade_no, transaction_id,"
        " refund_fen, total_fen, reason, notify_url, asked, status, created_at, settles_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?)",
        order["mchid"],
        asked.out_refund_no,
        "503" + str(secrets.randbelow(10**26)).zfill(26),
        order["out_trade_no"],
        order["transaction_id"],
        asked.refund_fen,
        order["total_fen"],
        asked.reason,
        asked.notify_url,
        asked.as_text(),
        now,
        now + SETTLE_SECONDS,
    )


def _refund_row(call: PayCall, out_refund_no: str) -> sqlite3.Row | None:
    return call.world.store.one(
        "SELECT * FROM refunds WHERE mchid = ? AND out_refund_no = ?",
        call.merchant.mchid,
        out_refund_no,
    )


def _queue_refund_notice(world: World, row: sqlite3.Row, *, now: float) -> None:
    if not row["notify_url"]:
        return
    content: dict[str, object] = {
        "mchid": row["mchid"],
        "transaction_id": row["transaction_id"],
        "out_trade_no": row["out_trade_no"],
        "refund_id": row["refund_id"],
        "out_refund_no": row["out_refund_no"],
        "refund_status": "SUCCESS",
        "success_time": rfc3339(now),
        "user_received_account": USER_ACCOUNT,
        "amount": {
            "total": row["total_fen"],
            "refund": row["refund_fen"],
            "payer_total": row["total_fen"],
            "payer_refund": row["refund_fen"],
        },
    }
    queue_notice(
        world,
        mchid=row["mchid"],
        event="REFUND.SUCCESS",
        about=row["out_refund_no"],
        url=row["notify_url"],
        content=content,
    )
