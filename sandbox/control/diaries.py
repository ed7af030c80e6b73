"""What the outside world wrote down: messages, orders, refunds, notices, page by page."""

import json
import sqlite3
from collections.abc import Callable

from sandbox.clock import rfc3339
from sandbox.control.edge import ControlCall, ControlRefusal
from sandbox.pay.orders import trade_state
from sandbox.pay.refunds import described_refund, settle_due_refunds
from sandbox.world import World

LONGEST_PAGE = 1000


def messages(call: ControlCall) -> dict[str, object]:
    """GET /control/messages: every accepted subscription message, oldest first."""
    return _page(call, "messages", described=_described_message)


def texts(call: ControlCall) -> dict[str, object]:
    """GET /control/sms: every accepted text message, oldest first."""
    return _page(call, "sms", described=_described_text)


def orders(call: ControlCall) -> dict[str, object]:
    """GET /control/orders: every order."""
    settle_due_refunds(call.world)
    return _page(call, "orders", described=_described_order)


def refunds(call: ControlCall) -> dict[str, object]:
    """GET /control/refunds: every refund."""
    settle_due_refunds(call.world)
    return _page(call, "refunds", described=_described_refund)


def notices(call: ControlCall) -> dict[str, object]:
    """GET /control/notices: every notice with each attempt to deliver it."""
    return _page(call, "notices", described=_described_notice)


def _page(
    call: ControlCall, table: str, *, described: Callable[[World, sqlite3.Row], dict[str, object]]
) -> dict[str, object]:
    after = _number(call, "after", default=0, largest=2**53)
    limit = _number(call, "limit", default=LONGEST_PAGE, largest=LONGEST_PAGE)
    rows = call.world.store.all(
        f"SELECT * FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608 - our own names
        after,
        limit + 1,
    )
    shown = rows[:limit]
    more = shown[-1]["seq"] if len(rows) > limit else None
    return {table: [described(call.world, row) for row in shown], "next_after": more}


def _number(call: ControlCall, name: str, *, default: int, largest: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 0 <= int(text[:20]) <= largest:
        raise ControlRefusal("wrong_value", name)
    return int(text[:20])


def _described_message(world: World, row: sqlite3.Row) -> dict[str, object]:
    template = world.credentials.template(row["template_id"])
    return {
        "seq": row["seq"],
        "msgid": row["seq"],
        "app_id": row["app_id"],
        "openid": row["openid"],
        "template_id": row["template_id"],
        "key": "" if template is None else template.key,
        "title": "" if template is None else template.title,
        "page": row["page"],
        "data": json.loads(row["data"]),
        "miniprogram_state": row["state"],
        "lang": row["lang"],
        "sent_at": rfc3339(row["sent_at"]),
    }


def _described_text(_world: World, row: sqlite3.Row) -> dict[str, object]:
    return {
        "seq": row["seq"],
        "out_id": row["out_id"],
        "phone": row["phone"],
        "sign_name": row["sign_name"],
        "template_code": row["template_code"],
        "params": json.loads(row["params"]),
        "text": row["text"],
        "sent_at": rfc3339(row["sent_at"]),
    }


def _described_order(world: World, row: sqlite3.Row) -> dict[str, object]:
    return {
        "seq": row["seq"],
        "mchid": row["mchid"],
        "out_trade_no": row["out_trade_no"],
        "transaction_id": row["transaction_id"],
        "appid": row["appid"],
        "openid": row["openid"],
        "description": row["description"],
        "attach": row["attach"],
        "notify_url": row["notify_url"],
        "total_fen": row["total_fen"],
        "trade_state": trade_state(world, row),
        "created_at": rfc3339(row["created_at"]),
        "time_expire": rfc3339(row["expires_at"]),
        "success_time": None if row["paid_at"] is None else rfc3339(row["paid_at"]),
    }


def _described_refund(world: World, row: sqlite3.Row) -> dict[str, object]:
    return {
        **described_refund(world, row),
        "seq": row["seq"],
        "mchid": row["mchid"],
        "refund_fen": row["refund_fen"],
        "total_fen": row["total_fen"],
        "reason": row["reason"],
    }


def _described_notice(world: World, row: sqlite3.Row) -> dict[str, object]:
    attempts = world.store.all(
        "SELECT * FROM attempts WHERE notice_id = ? ORDER BY seq", row["notice_id"]
    )
    return {
        "seq": row["seq"],
        "id": row["notice_id"],
        "mchid": row["mchid"],
        "event_type": row["event"],
        "about": row["about"],
        "url": row["url"],
        "state": row["state"],
        "created_at": rfc3339(row["created_at"]),
        "due_at": rfc3339(row["due_at"]),
        "attempts": [
            {"at": rfc3339(one["at"]), "outcome": one["outcome"], "probe": bool(one["probe"])}
            for one in attempts
        ],
    }
