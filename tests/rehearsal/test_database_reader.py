"""The reader of the database finds each fault that is planted, and is content without one."""

import pytest

from rehearsal.readers.database import read_database, read_money, read_places
from rehearsal.readers.database_of_the_day import (
    read_disclosures,
    read_messages,
    read_streams,
    read_versions,
    still_moving,
)
from rehearsal.readers.findings import BillRow
from tests.rehearsal.planted import NOW, World

HELD, KEPT, PROVIDER, PROMISED = "held", "kept", "provider", "refund_promised"
PAID_ROW = BillRow("order", is_refund=False, fen=100)


@pytest.fixture
def world() -> World:
    return World()


def booked(world: World, key: str, *, status: str = "booked", closed_at: str | None = None) -> None:
    world.plant(
        "booking_appointment",
        id=key,
        slot_id="slot",
        number=1,
        status=status,
        made_at=f"{key}-made",
        closed_at=closed_at,
    )


def paid(world: World) -> None:
    world.plant("payments_charge", id="c", status="PAID")
    world.plant("payments_paymentorder", id="p", out_trade_no="order")
    world.move(between=(PROVIDER, HELD), payment_id="p")


def refunded(world: World, key: str, *, reason: str, status: str = "DONE") -> None:
    world.plant(
        "payments_refund",
        id=key,
        charge_id="c",
        out_refund_no=key,
        amount_fen=100,
        reason=reason,
        status=status,
    )


def message(world: World, *, status: str, grade: str = "G2", due_at: str = NOW) -> None:
    world.plant(
        "notifications_message",
        id="m",
        hospital_id="h",
        status=status,
        grade=grade,
        due_at=due_at,
        template="t",
        about_id="a",
    )


def test_an_empty_day_is_no_evidence(world: World) -> None:
    findings = read_database(world.ask, bill=[], now=NOW)

    assert {number: found.verdict for number, found in findings.items()} == dict.fromkeys(findings)


def test_a_place_of_its_own_is_right(world: World) -> None:
    booked(world, "a")
    world.plant("booking_place", id="p", slot_id="slot", number=1, appointment_id="a")

    assert read_places(world.ask).verdict is True


def test_a_live_appointment_without_a_place_is_found(world: World) -> None:
    booked(world, "a")

    assert read_places(world.ask).faults == ["appointment a is live with 0 places"]


def test_a_place_kept_for_a_cancelled_appointment_is_found(world: World) -> None:
    booked(world, "a", status="cancelled", closed_at="b")
    world.plant("booking_place", id="p", slot_id="slot", number=1, appointment_id="a")

    assert read_places(world.ask).faults == ["place p is kept by an appointment that is cancelled"]


def test_two_in_one_place_at_one_time_are_found(world: World) -> None:
    booked(world, "a", status="cancelled", closed_at="c")
    booked(world, "b", status="cancelled", closed_at="d")

    assert read_places(world.ask).faults == ["appointments a and b had one place at the same time"]


def test_a_paid_charge_that_the_bill_knows_is_right(world: World) -> None:
    paid(world)

    assert read_money(world.ask, bill=[PAID_ROW]).verdict is True


def test_money_that_the_bill_does_not_know_is_found(world: World) -> None:
    paid(world)

    assert read_money(world.ask, bill=[]).faults == ["payment order: ledger 100, bill None"]


def test_money_that_the_ledger_does_not_know_is_found(world: World) -> None:
    assert read_money(world.ask, bill=[PAID_ROW]).faults == [
        "payment order: bill 100, ledger nothing"
    ]


def test_more_kept_than_was_held_is_found(world: World) -> None:
    paid(world)
    world.move(between=(HELD, KEPT), fen=150)

    assert read_money(world.ask, bill=[PAID_ROW]).faults == ["charge c: an account is below zero"]


def test_a_promise_without_a_refund_is_found(world: World) -> None:
    paid(world)
    world.move(between=(HELD, PROMISED))

    assert read_money(world.ask, bill=[PAID_ROW]).faults == [
        "charge c: 100 is promised, 0 is under way"
    ]


def test_a_second_refund_is_found(world: World) -> None:
    paid(world)
    refunded(world, "r1", reason="cancelled")
    refunded(world, "r2", reason="cancelled")

    faults = read_money(world.ask, bill=[PAID_ROW]).faults

    assert "charge c: 200 refunded of 100" in faults
    assert "charge c: refunded twice for one reason" in faults


@pytest.mark.parametrize(
    ("status", "grade"), [("SENT", "G1"), ("WITHDRAWN", "G1"), ("EXPIRED", "G3"), ("REFUSED", "G3")]
)
def test_a_message_with_an_end_is_right(world: World, status: str, grade: str) -> None:
    message(world, status=status, grade=grade)

    assert read_messages(world.ask, now=NOW).verdict is True


@pytest.mark.parametrize("status", ["QUEUED", "SENDING", "REFUSED", "UNKNOWN", "EXPIRED"])
def test_a_message_without_an_end_is_found(world: World, status: str) -> None:
    message(world, status=status)

    assert read_messages(world.ask, now=NOW).faults == [
        f"message m (G2) is {status} without a task"
    ]


def test_a_message_that_a_person_finishes_is_right(world: World) -> None:
    message(world, status="REFUSED")
    world.plant("notifications_task", hospital_id="h", about_id="a", template="t")

    assert read_messages(world.ask, now=NOW).verdict is True


def test_a_message_that_is_not_due_is_no_evidence(world: World) -> None:
    message(world, status="QUEUED", due_at="2026-03-04 12:00")

    assert read_messages(world.ask, now=NOW).verdict is None


def test_a_message_accepted_twice_is_found(world: World) -> None:
    message(world, status="SENT")
    world.plant("notifications_attempt", message_id="m", outcome="accepted")
    world.plant("notifications_attempt", message_id="m", outcome="accepted")

    assert read_messages(world.ask, now=NOW).faults == ["message m: accepted 2 times"]


def test_a_gap_in_a_stream_is_found(world: World) -> None:
    world.plant("common_stream", id="s", last_number=3)
    world.plant("common_streamevent", id="e1", stream_id="s", number=1)
    world.plant("common_streamevent", id="e3", stream_id="s", number=3)

    assert read_streams(world.ask).faults == ["stream s has gaps: 2 of 3"]


def test_a_queue_called_in_order_is_right(world: World) -> None:
    world.log((1, "joined", "t1", 10), (2, "joined", "t2", 20), (3, "called", "t1", 10))
    world.log((4, "admitted", "t1", 10), (5, "finished", "t1", 10), (6, "called", "t2", 20))

    assert read_streams(world.ask).verdict is True


def test_a_call_out_of_order_is_found(world: World) -> None:
    world.log((1, "joined", "t1", 10), (2, "joined", "t2", 20), (3, "called", "t2", 20))

    assert read_streams(world.ask).faults == ["ticket t2 was called, t1 was first in line"]


def test_two_in_one_room_are_found(world: World) -> None:
    world.log((1, "joined", "t1", 10), (2, "joined", "t2", 20))
    world.log((3, "called", "t1", 10), (4, "called", "t2", 20))

    assert read_streams(world.ask).faults == ["ticket t2 was called to a room where t1 is"]


def test_a_ticket_in_two_rooms_is_found(world: World) -> None:
    world.log((1, "joined", "t1", 10), (2, "called", "t1", 10))
    world.log((3, "joined", "t1", 10), (4, "called", "t1", 10), room="room-2")

    assert read_streams(world.ask).faults == ["ticket t1 is in two rooms"]


def test_a_ticket_that_its_log_contradicts_is_found(world: World) -> None:
    world.log((1, "joined", "t1", 10))
    world.plant("queueing_ticket", id="t1", queue_id="q", status="done", patient_id="p")

    assert read_streams(world.ask).faults == ["ticket t1 is done, its log says waiting"]


def test_an_old_paper_that_still_holds_is_found(world: World) -> None:
    for version, status in ((1, "ISSUED"), (2, "ISSUED")):
        world.plant(
            "papers_paper",
            id=f"v{version}",
            hospital_id="h",
            kind="record",
            subject_id="s",
            version=version,
            status=status,
        )

    assert read_versions(world.ask).faults == ["paper v1 is old and holds"]


def test_an_old_prescription_that_was_handed_over_is_found(world: World) -> None:
    for version, status in ((1, "handed_over"), (2, "issued")):
        world.plant(
            "pharmacy_prescription",
            id=f"v{version}",
            hospital_id="h",
            number="n",
            version=version,
            status=status,
            patient_id="p",
        )

    assert read_versions(world.ask).faults == ["prescription v1 is old and handed_over"]


def test_a_call_that_left_no_access_line_is_found(world: World) -> None:
    world.plant("accounts_staff", id="staff", role="doctor")
    world.plant("queueing_ticket", id="t1", queue_id="q", status="called", patient_id="p")
    world.log((1, "called", "t1", 10))

    assert read_disclosures(world.ask).faults == ["call entry-1 left no access line"]


def test_a_call_with_its_access_line_is_right(world: World) -> None:
    world.plant("accounts_staff", id="staff", role="doctor")
    world.plant("queueing_ticket", id="t1", queue_id="q", status="called", patient_id="p")
    world.log((1, "called", "t1", 10))
    world.plant("patients_accessline", staff_id="staff", patient_id="p")

    assert read_disclosures(world.ask).verdict is True


def test_work_that_is_due_is_counted_until_it_is_done(world: World) -> None:
    message(world, status="QUEUED")
    world.plant("payments_notice", id="n", status="RECEIVED")

    assert still_moving(world.ask, now=NOW) == 2
