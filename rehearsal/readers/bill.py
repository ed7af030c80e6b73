"""The provider's bill (对账单), fetched as any merchant fetches it."""

import gzip
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType

from rehearsal.readers.findings import BillRow

NOTHING = "NO_STATEMENT_EXIST"


def fetch_bill(merchant: dict[str, Any], *, gateway: str, days: Iterable[date]) -> list[BillRow]:
    """Every row of these days."""
    library = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=merchant["mchid"],
        private_key=merchant["private_key_pem"],
        cert_serial_no=merchant["serial_no"],
        appid=merchant["app_id"],
        apiv3_key=merchant["apiv3_key"],
        public_key=merchant["public_key_pem"],
        public_key_id=merchant["public_key_id"],
        timeout=10,
    )
    library._core._gate_way = gateway  # noqa: SLF001 - the library has no public way to say it
    rows: list[BillRow] = []
    for day in days:
        status, told = library.trade_bill(day.isoformat())
        if status == 200:
            _, content = library.download_bill(json.loads(told)["download_url"])
            rows += read_bill(gzip.decompress(content).decode("utf-8"))
        elif NOTHING not in str(told):
            raise ValueError(f"no bill of {day}: {status}")
    return rows


def read_bill(text: str) -> list[BillRow]:
    """The rows of one day's file: values behind backticks, two lines of totals at the end."""
    lines = [line for line in text.splitlines() if line]
    names = lines[0].split(",")
    return [_row(dict(zip(names, line[1:].split(",`"), strict=True))) for line in lines[1:-2]]


def _row(row: dict[str, str]) -> BillRow:
    is_refund = row["交易状态"] == "REFUND"
    return BillRow(
        number=row["商户退款单号" if is_refund else "商户订单号"],
        is_refund=is_refund,
        fen=int(Decimal(row["退款金额" if is_refund else "订单金额"]) * 100),
        is_done=not is_refund or row["退款状态"] == "SUCCESS",
    )
