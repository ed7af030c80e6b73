"""Bills (对账单): the provider's own account of a day, to compare a ledger with."""

import gzip
import hashlib
import re
import secrets
import sqlite3
from datetime import date, datetime, timedelta
from decimal import Decimal

from sandbox.clock import CHINA
from sandbox.pay.edge import Download, PayCall
from sandbox.pay.refunds import settle_due_refunds
from sandbox.pay.refusals import PayRefusal, parameter_wrong, resource_missing

COLUMNS = (
    *("交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号"),
    *("用户标识", "交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额"),
    *("微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态"),
    *("商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额", "费率备注"),
)
SUMMARY_COLUMNS = (
    *("总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额"),
    *("订单总金额", "申请退款总金额"),
)
RATE = Decimal("0.006")
RATE_TEXT = "0.60%"
READY_HOUR = 10  # the day after
DOWNLOAD_SECONDS = 300
KEPT_DAYS = 92


def trade_bill(call: PayCall) -> dict[str, object]:
    """GET /v3/bill/tradebill: where the day's bill can be fetched, for five minutes."""
    day = _day(call)
    if call.query.get("bill_type", "ALL") != "ALL":
        raise parameter_wrong("bill_type", "模拟环境只提供ALL", location="query")
    tar_type = call.query.get("tar_type", "")
    if tar_type not in {"", "GZIP"}:
        raise parameter_wrong("tar_type", "只支持GZIP", location="query")
    plain = _bill(call, day).encode("utf-8")
    content = gzip.compress(plain, mtime=0) if tar_type else plain
    token = secrets.token_urlsafe(48)
    call.world.store.run(
        "INSERT INTO bills (token, mchid, media_type, content, expires_at) VALUES (?, ?, ?, ?, ?)",
        token,
        call.merchant.mchid,
        "application/gzip" if tar_type else "text/plain",
        content,
        call.world.clock.real() + DOWNLOAD_SECONDS,
    )
    return {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(plain, usedforsecurity=False).hexdigest(),
        "download_url": f"{call.base_url}/v3/billdownload/file?token={token}",
    }


def download_bill(call: PayCall) -> Download:
    """GET /v3/billdownload/file?token=: the file, unsigned."""
    now = call.world.clock.real()
    call.world.store.run("DELETE FROM bills WHERE expires_at <= ?", now)
    row = call.world.store.one(
        "SELECT * FROM bills WHERE token = ? AND mchid = ?",
        call.query.get("token", ""),
        call.merchant.mchid,
    )
    if row is None:
        raise resource_missing("下载地址无效或已过期")
    return Download(row["content"], row["media_type"])


def _day(call: PayCall) -> date:
    text = call.query.get("bill_date", "")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
        raise parameter_wrong("bill_date", "格式应为YYYY-MM-DD", location="query")
    try:
        day = date.fromisoformat(text)
    except ValueError as trouble:
        raise parameter_wrong("bill_date", "没有这一天", location="query") from trouble
    now = datetime.fromtimestamp(call.world.clock.shown(), tz=CHINA)
    if day > now.date() or (now.date() - day).days > KEPT_DAYS:
        raise parameter_wrong("bill_date", "只能下载三个月内的账单", location="query")
    ready_at = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=CHINA)
    is_ready = now >= ready_at + timedelta(hours=READY_HOUR)
    if not is_ready and call.world.switches.position("bill_any_day") != "yes":
        raise PayRefusal(400, "STATEMENT_CREATING", message="账单生成中，请次日10点后再试")
    return day


def _bill(call: PayCall, day: date) -> str:
    """Payments by when they were paid, refunds by when they were accepted, in one order of time."""
    settle_due_refunds(call.world)
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=CHINA).timestamp()
    between = (call.merchant.mchid, midnight, midnight + 24 * 3600)
    payments = call.world.store.all(
        "SELECT * FROM orders WHERE mchid = ? AND paid_at >= ? AND paid_at < ?", *between
    )
    refunds = call.world.store.all(
        "SELECT orders.*, refunds.refund_id, refunds.out_refund_no, refunds.refund_fen,"
        " refunds.status, refunds.created_at AS refunded_at FROM refunds JOIN orders"
        " USING (mchid, out_trade_no) WHERE refunds.mchid = ? AND refunded_at >= ?"
        " AND refunded_at < ?",
        *between,
    )
    if not payments and not refunds:
        raise PayRefusal(400, "NO_STATEMENT_EXIST", message="账单文件不存在")
    timed = [(row["paid_at"], _payment_values(row)) for row in payments]
    timed += [(row["refunded_at"], _refund_values(row)) for row in refunds]
    timed.sort(key=lambda one: one[0])
    lines = [",".join(COLUMNS), *(_line(values) for _, values in timed)]
    lines += [",".join(SUMMARY_COLUMNS), _line(_summary(payments, refunds))]
    return "".join(line + "\r\n" for line in lines)


def _common(row: sqlite3.Row, moment: float) -> dict[str, str]:
    stamp = datetime.fromtimestamp(moment, tz=CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "交易时间": stamp,
        "公众账号ID": row["appid"],
        "商户号": row["mchid"],
        "特约商户号": "0",
        "微信订单号": row["transaction_id"],
        "商户订单号": row["out_trade_no"],
        "用户标识": row["openid"],
        "交易类型": "JSAPI",
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "代金券金额": "0.00",
        "充值券退款金额": "0.00",
        "商品名称": row["description"],
        "商户数据包": row["attach"],
        "费率": RATE_TEXT,
    }


def _payment_values(row: sqlite3.Row) -> list[str]:
    values = _common(row, row["paid_at"]) | {
        "交易状态": "SUCCESS",
        "应结订单金额": _yuan(row["total_fen"]),
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "手续费": _fee(row["total_fen"]),
        "订单金额": _yuan(row["total_fen"]),
        "申请退款金额": "0.00",
    }
    return [values.get(column, "") for column in COLUMNS]


def _refund_values(row: sqlite3.Row) -> list[str]:
    values = _common(row, row["refunded_at"]) | {
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "微信退款单号": row["refund_id"],
        "商户退款单号": row["out_refund_no"],
        "退款金额": _yuan(row["refund_fen"]),
        "退款类型": "ORIGINAL",
        "退款状态": row["status"],
        "手续费": _fee(-row["refund_fen"]),
        "订单金额": "0.00",
        "申请退款金额": _yuan(row["refund_fen"]),
    }
    return [values.get(column, "") for column in COLUMNS]


def _summary(payments: list[sqlite3.Row], refunds: list[sqlite3.Row]) -> list[str]:
    paid = sum(row["total_fen"] for row in payments)
    refunded = sum(row["refund_fen"] for row in refunds)
    count = str(len(payments) + len(refunds))
    return [
        *(count, _yuan(paid), _yuan(refunded), "0.00", _fee(paid - refunded)),
        *(_yuan(paid), _yuan(refunded)),
    ]


def _line(values: list[str]) -> str:
    """Each value behind a backtick; the commas of free text become Chinese ones."""
    cleaned = (re.sub(r"[\r\n]+", " ", value).replace(",", "，") for value in values)
    return ",".join("`" + value for value in cleaned)


def _yuan(fen: int) -> str:
    return str((Decimal(fen) / 100).quantize(Decimal("0.01")))


def _fee(fen: int) -> str:
    return str((Decimal(fen) / 100 * RATE).quantize(Decimal("0.00001")))
