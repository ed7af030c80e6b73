"""The first reader: the day's database, by SQL alone. It runs no code of the application."""

from collections.abc import Iterable, Sequence
from typing import Any

from rehearsal.readers.database_of_the_day import (
    Ask,
    read_disclosures,
    read_messages,
    read_streams,
    read_versions,
)
from rehearsal.readers.findings import BillRow, Finding


def read_database(ask: Ask, *, bill: Sequence[BillRow], now: Any) -> dict[int, Finding]:
    """Every invariant that this reader can see."""
    return {
        1: read_places(ask),
        2: read_money(ask, bill=bill),
        3: read_messages(ask, now=now),
        4: read_streams(ask),
        5: read_versions(ask),
        7: read_disclosures(ask),
    }


LIVE_WITHOUT_ONE_PLACE = """
    SELECT a.id, count(p.id) FROM booking_appointment a
    LEFT JOIN booking_place p ON p.appointment_id = a.id
    WHERE a.status IN ('held', 'booked', 'arrived') GROUP BY a.id
"""
PLACES_TAKEN = """
    SELECT p.id, a.status, a.slot_id = p.slot_id AND a.number = p.number
    FROM booking_place p JOIN booking_appointment a ON a.id = p.appointment_id
"""
PLACES_OVER_TIME = """
    SELECT id, slot_id, number, made_at, closed_at FROM booking_appointment
    ORDER BY slot_id, number, made_at
"""


def read_places(ask: Ask) -> Finding:
    """1: a live appointment has exactly one place, its own; nobody had it at the same time."""
    finding = Finding()
    for key, count in ask(LIVE_WITHOUT_ONE_PLACE):
        finding.check(count == 1, f"appointment {key} is live with {count} places")
    for key, status, is_own in ask(PLACES_TAKEN):
        is_kept = status in {"held", "booked", "arrived", "seen", "missed", "excused"}
        finding.check(is_kept, f"place {key} is kept by an appointment that is {status}")
        finding.check(is_own, f"place {key} is kept by an appointment of another place")
    before: tuple[Any, ...] | None = None
    for row in ask(PLACES_OVER_TIME):
        if before is not None and before[1:3] == row[1:3]:
            ended = before[4]
            finding.check(
                ended is not None and ended <= row[3],
                f"appointments {before[0]} and {row[0]} had one place at the same time",
            )
        before = row
    return finding


BALANCES = """
    SELECT c.id, c.status,
      coalesce(sum(e.amount_fen) FILTER (WHERE e.from_account = 'provider'), 0) AS paid,
      coalesce(sum(e.amount_fen) FILTER (WHERE e.to_account = 'provider'), 0) AS returned,
      coalesce(sum(CASE WHEN e.to_account = 'kept' THEN e.amount_fen
                        WHEN e.from_account = 'kept' THEN -e.amount_fen END), 0) AS kept,
      coalesce(sum(CASE WHEN e.to_account = 'held' THEN e.amount_fen
                        WHEN e.from_account = 'held' THEN -e.amount_fen END), 0) AS held,
      coalesce(sum(CASE WHEN e.to_account = 'refund_promised' THEN e.amount_fen
                        WHEN e.from_account = 'refund_promised' THEN -e.amount_fen END), 0)
        AS promised
    FROM payments_charge c JOIN payments_ledgerentry e ON e.charge_id = c.id
    GROUP BY c.id, c.status
"""
UNFINISHED = """
    SELECT charge_id, sum(amount_fen) FROM payments_refund WHERE status <> 'DONE'
    GROUP BY charge_id
"""
REFUNDED_BY_CHARGE = """
    SELECT c.id, coalesce(sum(r.amount_fen), 0), count(DISTINCT r.reason) = count(r.id)
    FROM payments_charge c JOIN payments_refund r ON r.charge_id = c.id GROUP BY c.id
"""
LEDGER_PAYMENTS = """
    SELECT o.out_trade_no, sum(e.amount_fen) FROM payments_ledgerentry e
    JOIN payments_paymentorder o ON o.id = e.payment_id WHERE e.from_account = 'provider'
    GROUP BY o.out_trade_no
"""
LEDGER_REFUNDS = """
    SELECT r.out_refund_no, sum(e.amount_fen) FROM payments_ledgerentry e
    JOIN payments_refund r ON r.id = e.refund_id WHERE e.to_account = 'provider'
    GROUP BY r.out_refund_no
"""


def read_money(ask: Ask, *, bill: Sequence[BillRow]) -> Finding:
    """2: each charge's equation holds, nothing went back twice, and the bill says the same."""
    finding = Finding()
    unfinished = {key: int(fen) for key, fen in ask(UNFINISHED)}
    paid_for: dict[Any, int] = {}
    for key, status, *sums in ask(BALANCES):
        paid, returned, kept, held, promised = (int(fen) for fen in sums)
        paid_for[key] = paid
        is_whole = paid == kept + returned + promised + held
        finding.check(is_whole, f"charge {key}: paid {paid} is not where it should be")
        finding.check(min(kept, held, promised) >= 0, f"charge {key}: an account is below zero")
        finding.check(
            promised == unfinished.get(key, 0),
            f"charge {key}: {promised} is promised, {unfinished.get(key, 0)} is under way",
        )
        finding.check(status != "OPEN", f"charge {key} is open and has money")
    for key, fen, is_once in ask(REFUNDED_BY_CHARGE):
        most = paid_for.get(key, 0)
        finding.check(int(fen) <= most, f"charge {key}: {fen} refunded of {most}")
        finding.check(is_once, f"charge {key}: refunded twice for one reason")
    _compare_bill(finding, ask(LEDGER_PAYMENTS), bill=bill, is_refund=False)
    _compare_bill(finding, ask(LEDGER_REFUNDS), bill=bill, is_refund=True)
    return finding


def _compare_bill(
    finding: Finding, ledger: Iterable[tuple[Any, ...]], *, bill: Sequence[BillRow], is_refund: bool
) -> None:
    """Row by row, both ways."""
    kind = "refund" if is_refund else "payment"
    billed = {row.number: row.fen for row in bill if row.is_refund == is_refund and row.is_done}
    for number, fen in ledger:
        there = billed.pop(number, None)
        finding.check(int(fen) == there, f"{kind} {number}: ledger {fen}, bill {there}")
    for number, fen in billed.items():
        finding.check(False, f"{kind} {number}: bill {fen}, ledger nothing")  # noqa: FBT003 - it is wrong
