"""Bills, fetched and read as the ledger's second reader does."""

import csv
import gzip
import hashlib
import io
import json
from decimal import Decimal

import pytest

from sandbox.clock import china_date
from tests.sandbox.libraries import Cashier, told
from tests.sandbox.outside import Sandbox, Stranger

FIRST, SECOND = "ZC20260302000001", "ZC20260302000002"
DAY = 24 * 3600


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def today(cashier: Cashier) -> str:
    return china_date(cashier.sandbox.real())


def fetched(cashier: Cashier, day: str) -> list[list[str]]:
    """The bill's lines, after its hash was checked."""
    status, text = cashier.pay.trade_bill(day)
    assert status == 200, text
    told_bill = json.loads(text)
    status, content = cashier.pay.download_bill(told_bill["download_url"])
    assert status == 200
    plain = gzip.decompress(content)
    assert hashlib.sha1(plain, usedforsecurity=False).hexdigest() == told_bill["hash_value"]
    return list(csv.reader(io.StringIO(plain.decode("utf-8"))))


def test_the_bill_holds_each_payment_and_each_refund(cashier: Cashier) -> None:
    cashier.sandbox.control("switches", {"bill_any_day": "yes"})
    cashier.paid(FIRST, description="挂号费, 心内科")
    cashier.paid(SECOND, fen=300)
    cashier.refund(FIRST, "R1", fen=250)

    header, *rows, summary_header, summary = fetched(cashier, today(cashier))

    assert (len(header), header[0], header[-1]) == (27, "交易时间", "费率备注")
    named = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["商户订单号"] for row in named] == [f"`{FIRST}", f"`{SECOND}", f"`{FIRST}"]
    assert [row["交易状态"] for row in named] == ["`SUCCESS", "`SUCCESS", "`REFUND"]
    assert [row["订单金额"] for row in named] == ["`12.50", "`3.00", "`0.00"]
    assert [row["退款金额"] for row in named] == ["`0.00", "`0.00", "`2.50"]
    assert [row["商户退款单号"] for row in named] == ["`0", "`0", "`R1"]
    assert named[0]["商品名称"] == "`挂号费， 心内科"
    totals = dict(zip(summary_header, summary, strict=True))
    assert totals["总交易单数"] == "`3"
    assert totals["订单总金额"] == "`15.50"
    assert totals["退款总金额"] == "`2.50"
    fees = sum(Decimal(row["手续费"].lstrip("`")) for row in named)
    assert Decimal(totals["手续费总金额"].lstrip("`")) == fees


def test_a_bill_is_made_the_next_day_at_ten(cashier: Cashier) -> None:
    cashier.paid(FIRST)
    early = told(cashier.pay.trade_bill(today(cashier)))
    cashier.sandbox.show_time(2 * DAY)

    _, row, *_ = fetched(cashier, today(cashier))

    assert (early[0], early[1]["code"]) == (400, "STATEMENT_CREATING")
    assert row[6] == f"`{FIRST}"


def test_a_day_without_trade_has_no_bill(cashier: Cashier) -> None:
    cashier.sandbox.show_time(2 * DAY)

    status, body = told(cashier.pay.trade_bill(today(cashier)))

    assert (status, body["code"]) == (400, "NO_STATEMENT_EXIST")


@pytest.mark.parametrize("day", ["2026-02-30", "20260302", "2999-01-01", "2001-01-01", "x"])
def test_a_day_that_cannot_have_a_bill_is_a_wrong_parameter(cashier: Cashier, day: str) -> None:
    status, body = told(cashier.pay.trade_bill(day))

    assert (status, body["code"]) == (400, "PARAM_ERROR")


def test_the_address_of_a_bill_lives_five_minutes(cashier: Cashier) -> None:
    cashier.sandbox.control("switches", {"bill_any_day": "yes"})
    cashier.paid(FIRST)
    cashier.sandbox.real.ahead_seconds = -200
    _, body = told(cashier.pay.trade_bill(today(cashier)))
    path = body["download_url"].removeprefix(cashier.sandbox.url)

    cashier.sandbox.real.ahead_seconds = 90
    in_time, _ = cashier.pay._core.request(path, skip_verify=True)
    cashier.sandbox.real.ahead_seconds = 110
    too_late, _ = cashier.pay._core.request(path, skip_verify=True)

    assert (in_time, too_late) == (200, 404)
