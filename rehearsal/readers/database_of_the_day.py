"""The first reader, continued: messages, streams and queues, versions, and the access log."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.readers.findings import Finding

Rows = Sequence[tuple[Any, ...]]
Ask = Callable[[str], Rows]  # a question in SQL, answered with all its rows

MESSAGES = """
    SELECT m.id, m.status, m.grade, m.due_at, coalesce(p.at_least_once, false),
      (SELECT count(*) FROM notifications_attempt a
       WHERE a.message_id = m.id AND a.outcome = 'accepted'),
      EXISTS (SELECT 1 FROM notifications_task t WHERE t.hospital_id = m.hospital_id
              AND t.about_id = m.about_id AND t.template = m.template)
    FROM notifications_message m
    LEFT JOIN notifications_template p ON p.hospital_id = m.hospital_id AND p.code = m.template
"""
DONE = frozenset({"SENT", "WITHDRAWN"})
GIVEN_UP = frozenset({"EXPIRED", "REFUSED"})  # nobody calls for what is only nice to know
WAITING = frozenset({"QUEUED", "SENDING"})


def read_messages(ask: Ask, *, now: Any) -> Finding:
    """3: each owed message has its end, and no channel accepted one twice."""
    finding = Finding()
    for key, status, grade, due_at, may_repeat, accepted, has_task in ask(MESSAGES):
        if status in WAITING and due_at > now:
            continue
        is_over = status in DONE or bool(has_task) or (status in GIVEN_UP and grade == "G3")
        finding.check(is_over, f"message {key} ({grade}) is {status} without a task")
        finding.check(accepted < 2 or bool(may_repeat), f"message {key}: accepted {accepted} times")
    return finding


STREAMS = """
    SELECT s.id, s.last_number, count(e.id), coalesce(min(e.number), 1), coalesce(max(e.number), 0)
    FROM common_stream s LEFT JOIN common_streamevent e ON e.stream_id = s.id
    GROUP BY s.id, s.last_number
"""
QUEUE_LOG = """
    SELECT e.queue_id, e.number, e.kind, e.ticket_id, e.room_id, e.tier, e.position, e.turn
    FROM queueing_queueentry e ORDER BY e.queue_id, e.number
"""
TICKETS = "SELECT id, queue_id, status, called_room_id FROM queueing_ticket"


@dataclass
class Replay:
    """A queue as its log tells it."""

    numbers: int = 0
    line: dict[Any, tuple[int, int, int]] = field(default_factory=dict)  # who waits, with ranks
    rooms: dict[Any, Any] = field(default_factory=dict)  # who is in which room
    status: dict[Any, str] = field(default_factory=dict)


def read_streams(ask: Ask) -> Finding:
    """4: numbers without gaps; nobody in two rooms; the calls follow from the log."""
    finding = Finding()
    for key, last, count, first, newest in ask(STREAMS):
        is_whole = count == last and newest == last and first == 1
        finding.check(is_whole, f"stream {key} has gaps: {count} of {last}")
    queues: dict[Any, Replay] = defaultdict(Replay)
    for queue, number, kind, ticket, room, *rank in ask(QUEUE_LOG):
        replay = queues[queue]
        replay.numbers += 1
        finding.check(number == replay.numbers, f"queue {queue}: entry {number} comes after a gap")
        _replay(finding, replay, kind=kind, ticket=ticket, room=room, rank=tuple(rank))
    for ticket, queue, status, _ in ask(TICKETS):
        said = queues[queue].status.get(ticket)
        finding.check(said == status, f"ticket {ticket} is {status}, its log says {said}")
    _read_rooms(finding, ask)
    return finding


def _replay(
    finding: Finding, replay: Replay, *, kind: str, ticket: Any, room: Any, rank: tuple[Any, ...]
) -> None:
    """One entry of a queue's log."""
    if kind in {"joined", "returned"}:
        replay.line[ticket] = rank
        replay.status[ticket] = "waiting"
    elif kind == "called":
        first = min(replay.line, key=lambda one: replay.line[one], default=None)
        finding.check(first == ticket, f"ticket {ticket} was called, {first} was first in line")
        there = replay.rooms.get(room)
        finding.check(there is None, f"ticket {ticket} was called to a room where {there} is")
        is_elsewhere = ticket in replay.rooms.values()
        finding.check(not is_elsewhere, f"ticket {ticket} is in two rooms")
        replay.line.pop(ticket, None)
        replay.rooms[room] = ticket
        replay.status[ticket] = "called"
    elif kind in {"called_again", "admitted"}:
        finding.check(replay.rooms.get(room) == ticket, f"ticket {ticket} is not in its room")
        if kind == "admitted":
            replay.status[ticket] = "in_room"
    else:
        replay.line.pop(ticket, None)
        replay.rooms = {where: who for where, who in replay.rooms.items() if who != ticket}
        replay.status[ticket] = {"finished": "done"}.get(kind, kind)


def _read_rooms(finding: Finding, ask: Ask) -> None:
    """Now, too, a room has one ticket."""
    there: dict[Any, Any] = {}
    for ticket, _, status, room in ask(TICKETS):
        if status in {"called", "in_room"}:
            finding.check(room not in there, f"tickets {ticket} and {there.get(room)} in one room")
            there[room] = ticket


PAPERS = """
    SELECT p.id, p.status,
      p.version = (SELECT max(q.version) FROM papers_paper q WHERE q.hospital_id = p.hospital_id
                   AND q.kind = p.kind AND q.subject_id = p.subject_id)
    FROM papers_paper p
"""
PRESCRIPTIONS = """
    SELECT p.id, p.status,
      p.version = (SELECT max(q.version) FROM pharmacy_prescription q
                   WHERE q.hospital_id = p.hospital_id AND q.number = p.number)
    FROM pharmacy_prescription p
"""


def read_versions(ask: Ask) -> Finding:
    """5: an older version never counts beside a newer one."""
    finding = Finding()
    for key, status, is_newest in ask(PAPERS):
        finding.check(status != "ISSUED" or bool(is_newest), f"paper {key} is old and holds")
    for key, status, is_newest in ask(PRESCRIPTIONS):
        is_out = status in {"replaced", "returned", "expired", "withdrawn"}
        finding.check(is_out or bool(is_newest), f"prescription {key} is old and {status}")
    return finding


CALLS_SEEN = """
    SELECT e.id, EXISTS (SELECT 1 FROM patients_accessline l WHERE l.staff_id = e.staff_id
                         AND l.patient_id = t.patient_id)
    FROM queueing_queueentry e JOIN queueing_ticket t ON t.id = e.ticket_id
    JOIN accounts_staff s ON s.id = e.staff_id
    WHERE e.kind = 'called' AND s.role = 'doctor'
"""
DRUGS_SEEN = """
    SELECT p.id, EXISTS (SELECT 1 FROM patients_accessline l JOIN accounts_staff s
                         ON s.id = l.staff_id WHERE s.role = 'pharmacist'
                         AND l.patient_id = p.patient_id)
    FROM pharmacy_prescription p WHERE p.status = 'handed_over'
"""
STAYS_SEEN = """
    SELECT a.id, EXISTS (SELECT 1 FROM patients_accessline l WHERE l.staff_id = a.discharged_by_id
                         AND l.patient_id = a.patient_id)
    FROM inpatient_admission a WHERE a.discharged_by_id IS NOT NULL
"""


def read_disclosures(ask: Ask) -> Finding:
    """7: who acted on a patient's page had been shown the patient, and has a line."""
    finding = Finding()
    for what, query in (("call", CALLS_SEEN), ("hand-over", DRUGS_SEEN), ("stay", STAYS_SEEN)):
        for key, has_line in ask(query):
            finding.check(bool(has_line), f"{what} {key} left no access line")
    return finding


ACCESS_LINES = """
    SELECT DISTINCT a.username, l.patient_id FROM patients_accessline l
    JOIN accounts_staff s ON s.id = l.staff_id JOIN accounts_account a ON a.id = s.account_id
"""
MOVING = (
    "SELECT count(*) FROM notifications_message WHERE status = 'SENDING'",
    "SELECT count(*) FROM payments_refund WHERE status IN ('PROMISED', 'ASKED')",
    "SELECT count(*) FROM payments_notice WHERE status = 'RECEIVED'",
    "SELECT count(*) FROM booking_appointment WHERE status = 'held'",
    "SELECT count(*) FROM interop_received WHERE status = 'stored'",
)
DUE = "SELECT due_at FROM notifications_message WHERE status = 'QUEUED'"


def still_moving(ask: Ask, *, now: Any) -> int:
    """How many things the sweeps still have to do."""
    due = sum(1 for (due_at,) in ask(DUE) if due_at <= now)
    return due + sum(int(ask(query)[0][0]) for query in MOVING)
