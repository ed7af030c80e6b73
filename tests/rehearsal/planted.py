"""A database with the columns that the reader asks about, and nothing that prevents a fault."""

import sqlite3
from collections.abc import Sequence
from typing import Any

COLUMNS = {
    "booking_appointment": "id, slot_id, number, status, made_at, closed_at",
    "booking_place": "id, slot_id, number, appointment_id",
    "payments_charge": "id, status",
    "payments_ledgerentry": (
        "charge_id, payment_id, refund_id, from_account, to_account, amount_fen"
    ),
    "payments_refund": "id, charge_id, out_refund_no, amount_fen, reason, status",
    "payments_paymentorder": "id, out_trade_no",
    "payments_notice": "id, status",
    "notifications_message": "id, hospital_id, status, grade, due_at, template, about_id",
    "notifications_template": "hospital_id, code, at_least_once",
    "notifications_attempt": "message_id, outcome",
    "notifications_task": "hospital_id, about_id, template",
    "common_stream": "id, last_number",
    "common_streamevent": "id, stream_id, number",
    "queueing_queueentry": (
        "id, queue_id, number, kind, ticket_id, room_id, tier, position, turn, staff_id"
    ),
    "queueing_ticket": "id, queue_id, status, called_room_id, patient_id",
    "papers_paper": "id, hospital_id, kind, subject_id, version, status",
    "pharmacy_prescription": "id, hospital_id, number, version, status, patient_id",
    "patients_accessline": "staff_id, patient_id",
    "accounts_staff": "id, role",
    "inpatient_admission": "id, patient_id, discharged_by_id",
    "interop_received": "id, status",
}
NOW = "2026-03-03 12:00"


class World:
    """An empty day, into which a test plants rows."""

    def __init__(self) -> None:
        """Every table, without a constraint."""
        self.connection = sqlite3.connect(":memory:")
        for table, columns in COLUMNS.items():
            self.connection.execute(f"CREATE TABLE {table} ({columns})")

    def plant(self, table: str, **row: Any) -> None:
        """One row."""
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of the test
        self.connection.execute(sql, tuple(row.values()))

    def ask(self, query: str) -> Sequence[tuple[Any, ...]]:
        """The reader's question."""
        return self.connection.execute(query).fetchall()

    def move(
        self, *, charge: str = "c", fen: int = 100, between: tuple[str, str], **by: str
    ) -> None:
        """One entry of the ledger."""
        self.plant(
            "payments_ledgerentry",
            charge_id=charge,
            from_account=between[0],
            to_account=between[1],
            amount_fen=fen,
            **by,
        )

    def log(self, *entries: tuple[int, str, str, int], room: str = "room-1") -> None:
        """A queue's log: number, kind, ticket, and position."""
        for number, kind, ticket, position in entries:
            self.plant(
                "queueing_queueentry",
                id=f"entry-{number}",
                queue_id="q",
                number=number,
                kind=kind,
                ticket_id=ticket,
                room_id=None if kind == "joined" else room,
                tier=1,
                position=position,
                turn=number,
                staff_id="staff",
            )
