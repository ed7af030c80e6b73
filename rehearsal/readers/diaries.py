"""The second reader: what the outsiders were told, and what the outside world wrote down."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rehearsal.day.diary import Diaries, Entry
from rehearsal.readers.findings import BillRow, Finding


@dataclass(frozen=True)
class Outside:
    """The outside world's own lists, as its controls give them."""

    orders: Sequence[dict[str, Any]] = ()
    refunds: Sequence[dict[str, Any]] = ()
    messages: Sequence[dict[str, Any]] = ()
    bill: Sequence[BillRow] = field(default_factory=tuple)
    access: frozenset[tuple[str, str]] = frozenset()  # who was shown whom, as the log has it
    template_keys: Mapping[str, str] = field(default_factory=dict)  # by WeChat's template id


def read_diaries(diaries: Diaries, outside: Outside) -> dict[int, Finding]:
    """Every invariant that this reader can see."""
    return {
        1: read_places(diaries),
        2: read_money(diaries, outside),
        3: read_messages(diaries, outside),
        4: read_streams(diaries),
        5: read_versions(diaries),
        7: read_disclosures(diaries, outside),
    }


def read_places(diaries: Diaries) -> Finding:
    """1: nobody shared a place; nobody was told full while a place was free all the while."""
    finding = Finding()
    held = diaries.of("place held")
    ended = {
        e.facts["appointment"]: e for e in diaries.of("place given back", "appointment lapsed")
    }
    last_live = _last_seen_live(diaries)
    by_place: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in held:
        by_place[entry.facts["slot"], entry.facts["number"]].append(entry)
    for (slot, number), entries in by_place.items():
        entries.sort(key=lambda entry: entry.told_at)
        finding.facts += 1
        for first, second in pairwise(entries):
            key = first.facts["appointment"]
            is_over = key in ended and last_live[key] <= second.told_at
            finding.check(is_over, f"place {number} of slot {slot} was given to two")
    _read_full(finding, diaries, held=held, ended=ended)
    return finding


def _last_seen_live(diaries: Diaries) -> dict[str, float]:
    """When each appointment's owner last asked and was told that it lives."""
    seen: dict[str, float] = {}
    for entry in diaries.of("place held", "appointment booked", "tapped twice"):
        key = entry.facts["appointment"]
        seen[key] = max(seen.get(key, 0.0), entry.asked_at)
    return seen


def _read_full(
    finding: Finding, diaries: Diaries, *, held: list[Entry], ended: dict[str, Entry]
) -> None:
    """Counts, for each refusal, everybody who may have had a place at some moment of it."""
    free = {e.facts["slot"]: e.facts["free"] for e in diaries.of("slot seen free")}
    for full in diaries.of("told full"):
        slot = full.facts["slot"]
        possible = [
            entry
            for entry in held
            if entry.facts["slot"] == slot
            and entry.asked_at <= full.told_at
            and not _surely_over(ended.get(entry.facts["appointment"]), before=full.asked_at)
        ]
        finding.check(
            len(possible) >= free[slot],
            f"slot {slot}: told full with {len(possible)} of {free[slot]} places taken",
        )


def _surely_over(end: Entry | None, *, before: float) -> bool:
    return end is not None and end.told_at <= before


def read_money(diaries: Diaries, outside: Outside) -> Finding:
    """2: what wallets paid and got back is what the provider's lists and bill say."""
    finding = Finding()
    billed = {row.number: row.fen for row in outside.bill if not row.is_refund}
    orders = {o["out_trade_no"]: o for o in outside.orders if o["success_time"] is not None}
    for entry in diaries.of("wallet paid"):
        number, fen = entry.facts["order"], entry.facts["fen"]
        finding.check(billed.get(number) == fen, f"order {number}: paid {fen}, not so on the bill")
        known = orders.pop(number, None)
        finding.check(
            known is not None and known["total_fen"] == fen, f"order {number} is not the provider's"
        )
    for number in orders:
        finding.check(False, f"order {number} was paid by nobody")  # noqa: FBT003 - it is wrong
    _read_refunds(finding, diaries, outside=outside)
    return finding


def _read_refunds(finding: Finding, diaries: Diaries, *, outside: Outside) -> None:
    back = {row.number: row.fen for row in outside.bill if row.is_refund and row.is_done}
    told = {entry.facts["refund"]: entry for entry in diaries.of("money back")}
    by_order: Counter[str] = Counter()
    for refund in outside.refunds:
        number, fen = refund["out_refund_no"], refund["refund_fen"]
        by_order[refund["out_trade_no"]] += fen
        finding.check(back.get(number) == fen, f"refund {number}: {fen}, not so on the bill")
        most = refund["total_fen"]
        finding.check(
            by_order[refund["out_trade_no"]] <= most, f"refund {number}: more than was paid"
        )
    promised = sum(entry.facts["fen"] for entry in told.values())
    finding.check(
        promised == sum(back.values()),
        f"payers were told of {promised} fen back, the bill says {sum(back.values())}",
    )


ON_PHONES: Mapping[str, str] = {  # what WeChat calls what the hospital says
    "appointment_booked": "appointment_confirmed",
    "appointment_reminder": "visit_reminder",
    "appointment_displaced": "visit_reminder",
    "turn_near": "your_turn",
    "your_turn": "your_turn",
    "report_ready": "report_ready",
    "report_corrected": "report_ready",
    "report_withdrawn": "report_ready",
    "admitted": "bed_notice",
}


def read_messages(diaries: Diaries, outside: Outside) -> Finding:
    """3: no phone has more of a kind than its inbox tells of; a payer has one confirmation."""
    finding = Finding()
    told: Counter[tuple[str, str]] = Counter()
    inbox = {entry.facts["message"]: entry for entry in diaries.of("message in inbox")}
    for entry in inbox.values():
        kind = ON_PHONES.get(entry.facts["template"])
        if kind is not None:
            told[entry.facts["openid"], kind] += 1
    phones: Counter[tuple[str, str]] = Counter()
    for message in outside.messages:
        phones[message["openid"], outside.template_keys[message["template_id"]]] += 1
    for (openid, kind), count in phones.items():
        owed = told[openid, kind]
        finding.check(count <= owed, f"a phone has {count} of {kind}, the inbox tells of {owed}")
    booked = Counter(entry.who for entry in diaries.of("appointment paid"))
    gave_up = {entry.who for entry in diaries.of("place given back")}  # before they were told
    openids = {entry.who: entry.facts["openid"] for entry in inbox.values()}
    for who, count in booked.items():
        heard = phones[openids.get(who, ""), "appointment_confirmed"]
        is_right = heard == count or (who in gave_up and heard < count)
        finding.check(is_right, f"{who} paid {count} times and has {heard} confirmations")
    return finding


def read_streams(diaries: Diaries) -> Finding:
    """4: every listener heard every number once; on the walls nobody is in two rooms."""
    finding = Finding()
    heard: dict[tuple[str, str], int] = defaultdict(int)
    rooms: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for entry in diaries.of("heard live"):
        key = (entry.who, entry.facts["stream"])
        number = entry.facts["event"]
        finding.check(
            number == heard[key] + 1, f"{key[1]}: {key[0]} heard {number} after {heard[key]}"
        )
        heard[key] = number
        if entry.facts["stream"].startswith("queue:"):
            _read_wall(finding, rooms[key], entry)
    return finding


def _read_wall(finding: Finding, rooms: dict[str, str], entry: Entry) -> None:  # noqa: PLR0917 - what, where, said
    """A wall's picture of who is where, changed by one event."""
    kind, ticket = entry.facts["kind"], entry.facts.get("ticket", "")
    if kind == "called":
        room = entry.facts["room"]
        there = rooms.get(room, ticket)
        finding.check(there == ticket, f"{ticket} was called to {room} where {there} is")
        elsewhere = [one for one, who in rooms.items() if who == ticket and one != room]
        finding.check(not elsewhere, f"{ticket} is in two rooms")
        rooms[room] = ticket
    elif kind in {"finished", "missed", "left"}:
        for room in [one for one, who in rooms.items() if who == ticket]:
            del rooms[room]


RANKS = {"P": 1, "F": 2, "C": 3, "W": 4}
READ_AS = {"P": "preliminary", "F": "final", "C": "corrected", "W": "withdrawn"}


def read_versions(diaries: Diaries) -> Finding:
    """5: what was read last is the newest of what the laboratory had sent."""
    finding = Finding()
    sent: dict[str, list[Entry]] = defaultdict(list)
    for entry in diaries.of("result sent"):
        sent[entry.facts["order"]].append(entry)
    read = {entry.facts["order"]: entry for entry in diaries.of("result read")}
    for order, last in read.items():
        known = [entry for entry in sent[order] if entry.told_at <= last.asked_at]
        newest = max(known, key=lambda e: (e.facts["issued_at"], RANKS[e.facts["status"]]))
        wanted = READ_AS[newest.facts["status"]]
        shown = last.facts["status"]
        finding.check(shown == wanted, f"order {order}: {shown} is shown, {wanted} is newest")
    return finding


def read_disclosures(diaries: Diaries, outside: Outside) -> Finding:
    """7: for everybody whom a page named to the staff there is a line."""
    finding = Finding()
    for entry in diaries.of("record shown"):
        pair = (entry.who, entry.facts["patient"])
        has_line = pair in outside.access
        finding.check(has_line, f"{pair[0]} saw the {entry.facts['what']} of {pair[1]}: no line")
    return finding
