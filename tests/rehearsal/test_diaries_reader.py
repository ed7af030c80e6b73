"""The reader of the diaries finds what nobody should have been told, and is content without it."""

from typing import Any

import pytest

from rehearsal.day.diary import Diaries, Entry
from rehearsal.readers.bill import read_bill
from rehearsal.readers.diaries import Outside, read_diaries
from rehearsal.readers.findings import BillRow, Finding, together

PLACES, MONEY, MESSAGES, STREAMS, VERSIONS, ACCESS = 1, 2, 3, 4, 5, 7


@pytest.fixture
def diaries() -> Diaries:
    return Diaries()


def tell(diaries: Diaries, who: str, step: str, *, at: tuple[float, float], **facts: Any) -> None:
    diaries.entries.append(Entry(who, step, *at, facts))


def hold(diaries: Diaries, key: str, *, at: tuple[float, float], number: int = 1) -> None:
    tell(diaries, key, "place held", at=at, appointment=key, slot="s", number=number, session="e")


def found(diaries: Diaries, number: int, outside: Outside | None = None) -> Finding:
    return read_diaries(diaries, outside or Outside())[number]


def order(key: str, *, fen: int) -> dict[str, Any]:
    return {"out_trade_no": key, "total_fen": fen, "success_time": "2026-03-03T08:00:00+08:00"}


def test_told_full_while_a_place_was_free_all_the_while_is_found(diaries: Diaries) -> None:
    tell(diaries, "anybody", "slot seen free", at=(0, 0), slot="s", free=2)
    hold(diaries, "a", at=(1, 2))
    tell(diaries, "b", "told full", at=(3, 4), slot="s")

    assert found(diaries, PLACES).faults == ["slot s: told full with 1 of 2 places taken"]


def test_told_full_while_the_last_place_was_just_being_taken_is_right(diaries: Diaries) -> None:
    tell(diaries, "anybody", "slot seen free", at=(0, 0), slot="s", free=1)
    hold(diaries, "a", at=(1, 5))
    tell(diaries, "b", "told full", at=(3, 4), slot="s")

    assert found(diaries, PLACES).verdict is True


def test_told_full_after_a_place_was_given_back_is_found(diaries: Diaries) -> None:
    tell(diaries, "anybody", "slot seen free", at=(0, 0), slot="s", free=1)
    hold(diaries, "a", at=(1, 2))
    tell(diaries, "a", "place given back", at=(3, 4), appointment="a")
    tell(diaries, "b", "told full", at=(5, 6), slot="s")

    assert found(diaries, PLACES).faults == ["slot s: told full with 0 of 1 places taken"]


def test_one_place_for_two_is_found(diaries: Diaries) -> None:
    hold(diaries, "a", at=(1, 2))
    hold(diaries, "b", at=(3, 4))

    assert found(diaries, PLACES).faults == ["place 1 of slot s was given to two"]


def test_money_that_is_not_on_the_bill_is_found(diaries: Diaries) -> None:
    tell(diaries, "a", "wallet paid", at=(1, 2), order="o", charge="c", fen=100)

    faults = found(diaries, MONEY, Outside(orders=[order("o", fen=100)])).faults

    assert faults == ["order o: paid 100, not so on the bill"]


def test_more_money_back_than_was_paid_is_found(diaries: Diaries) -> None:
    refunds = [
        {"out_refund_no": key, "out_trade_no": "o", "refund_fen": 100, "total_fen": 100}
        for key in ("r1", "r2")
    ]
    bill = [BillRow(key, is_refund=True, fen=100) for key in ("r1", "r2")]

    faults = found(diaries, MONEY, Outside(refunds=refunds, bill=bill)).faults

    assert "refund r2: more than was paid" in faults


def test_a_message_that_came_twice_is_found(diaries: Diaries) -> None:
    tell(
        diaries,
        "a",
        "message in inbox",
        at=(1, 2),
        openid="x",
        message="m",
        template="appointment_reminder",
    )
    phone = {"openid": "x", "template_id": "t"}
    outside = Outside(messages=[phone, phone], template_keys={"t": "visit_reminder"})

    assert found(diaries, MESSAGES, outside).faults == [
        "a phone has 2 of visit_reminder, the inbox tells of 1"
    ]


def test_a_number_that_was_not_heard_is_found(diaries: Diaries) -> None:
    tell(diaries, "a", "heard live", at=(1, 1), stream="day:a", event=1, kind="joined")
    tell(diaries, "a", "heard live", at=(2, 2), stream="day:a", event=3, kind="called")

    assert found(diaries, STREAMS).faults == ["day:a: a heard 3 after 1"]


def test_a_wall_that_calls_two_to_one_room_is_found(diaries: Diaries) -> None:
    for number, ticket in ((1, "A001"), (2, "A002")):
        tell(
            diaries,
            "wall",
            "heard live",
            at=(number, number),
            stream="queue:q",
            event=number,
            kind="called",
            ticket=ticket,
            room="1",
        )

    assert found(diaries, STREAMS).faults == ["A002 was called to 1 where A001 is"]


def test_an_older_version_that_is_shown_is_found(diaries: Diaries) -> None:
    for at, status in ((1, "F"), (2, "C")):
        tell(
            diaries,
            "his",
            "result sent",
            at=(at, at),
            order="R1",
            status=status,
            issued_at=f"2026-03-03T0{at}:00:00+08:00",
        )
    tell(diaries, "a", "result read", at=(3, 4), order="R1", status="final")

    assert found(diaries, VERSIONS).faults == ["order R1: final is shown, corrected is newest"]


def test_a_page_that_left_no_line_is_found(diaries: Diaries) -> None:
    tell(diaries, "doctor", "record shown", at=(1, 2), patient="p", what="queue")

    assert found(diaries, ACCESS).faults == ["doctor saw the queue of p: no line"]


def test_a_page_that_left_a_line_is_right(diaries: Diaries) -> None:
    tell(diaries, "doctor", "record shown", at=(1, 2), patient="p", what="queue")

    assert found(diaries, ACCESS, Outside(access=frozenset({("doctor", "p")}))).verdict is True


def test_nothing_is_true_without_evidence_of_both() -> None:
    seen, unseen, broken = Finding(facts=1), Finding(), Finding(facts=1, faults=["x"])

    verdicts = together([{1: seen, 2: seen, 3: seen}, {1: seen, 2: unseen, 3: broken}])

    assert (verdicts[1], verdicts[2], verdicts[3], verdicts[6]) == (True, None, False, None)


def test_the_bill_is_read_row_by_row() -> None:
    names = "交易状态,商户订单号,商户退款单号,订单金额,退款金额,退款状态,商品名称"
    rows = "`SUCCESS,`o1,`0,`12.50,`0.00,`,`挂号，费\r\n`REFUND,`o1,`r1,`0.00,`2.50,`SUCCESS,`x"
    text = f"{names}\r\n{rows}\r\n总交易单数\r\n`2\r\n"

    assert read_bill(text) == [
        BillRow("o1", is_refund=False, fen=1250),
        BillRow("r1", is_refund=True, fen=250),
    ]
