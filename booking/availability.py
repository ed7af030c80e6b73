"""What is free on a department's day, from a snapshot at most a second old.

One thread of a process makes a new snapshot while the others keep giving the old one; a reader
whose copy is still true gets 304. Making it takes one SQL statement.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from booking.models import Place, Session
from common import clock
from hospitals.policy import policy_of

FRESH_SECONDS = 1.0
MOST_REMEMBERED = 2000  # snapshots a process keeps, of a few kB each

Key = tuple[UUID, UUID, date]


@dataclass
class Snapshot:
    """The JSON of one department's day."""

    body: bytes
    etag: str
    made: float


_snapshots: OrderedDict[Key, Snapshot] = OrderedDict()
_making: dict[Key, threading.Lock] = {}
_guard = threading.Lock()


def free_places(*, hospital_id: UUID, department_id: UUID, on: date) -> Snapshot:
    """The snapshot of a department's day, at most a second old while nobody is making one."""
    key = (hospital_id, department_id, on)
    with _guard:
        known = _snapshots.get(key)
        lock = _making.setdefault(key, threading.Lock())
    if known is not None and clock.monotonic() - known.made < FRESH_SECONDS:
        return known
    if known is None:
        with lock:
            return _fresh_or_make(key)
    if not lock.acquire(blocking=False):
        return known
    try:
        return _fresh_or_make(key)
    finally:
        lock.release()


def _fresh_or_make(key: Key) -> Snapshot:
    with _guard:
        known = _snapshots.get(key)
    if known is not None and clock.monotonic() - known.made < FRESH_SECONDS:
        return known
    body = json.dumps(sessions_of(*key), ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    snapshot = Snapshot(body=body, etag=etag, made=clock.monotonic())
    with _guard:
        _snapshots[key] = snapshot
        _snapshots.move_to_end(key)
        while len(_snapshots) > MOST_REMEMBERED:
            forgotten, _ = _snapshots.popitem(last=False)
            _making.pop(forgotten, None)
    return snapshot


def forget_snapshots() -> None:
    """Drop what this process remembers; for tests, whose clock jumps."""
    with _guard:
        _snapshots.clear()


def sessions_of(hospital_id: UUID, department_id: UUID, on: date) -> dict[str, Any]:  # noqa: PLR0917 - a snapshot's key
    """The sessions of a department's day with their slots and how many places are free in each."""
    policy = policy_of(hospital_id, now=clock.now())
    rows: Iterable[Any] = (
        Place.objects.filter(
            slot__session__hospital_id=hospital_id,
            slot__session__department_id=department_id,
            slot__session__on=on,
            slot__session__status=Session.Status.PUBLISHED,
        )
        .values(
            "channel",
            "slot_id",
            "slot__begins_at",
            "slot__ends_at",
            "slot__session_id",
            "slot__session__fee_fen",
            "slot__session__doctor__name",
            "slot__session__doctor__title",
            "slot__session__level__name",
            "slot__session__room__name",
        )
        .annotate(free=Count("id", filter=Q(appointment=None, closed_at=None)))
        .order_by("slot__session_id", "slot__begins_at", "channel")
    )
    sessions: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        session = sessions.setdefault(
            row["slot__session_id"], _session(row, policy.show_doctor_name)
        )
        _add_slot(session["slots"], row, closes_at=policy.online_closes(row["slot__begins_at"]))
    return {"on": on.isoformat(), "sessions": list(sessions.values())}


def _session(row: dict[str, Any], show_name: bool) -> dict[str, Any]:  # noqa: FBT001 - one policy row
    return {
        "id": str(row["slot__session_id"]),
        "doctor": row["slot__session__doctor__name"] if show_name else "",
        "title": row["slot__session__doctor__title"],
        "level": row["slot__session__level__name"],
        "room": row["slot__session__room__name"],
        "fee_fen": row["slot__session__fee_fen"],
        "slots": [],
    }


def _add_slot(slots: list[dict[str, Any]], row: dict[str, Any], *, closes_at: Any) -> None:
    slot_id = str(row["slot_id"])
    if not slots or slots[-1]["id"] != slot_id:
        slots.append(
            {
                "id": slot_id,
                "begins_at": row["slot__begins_at"].isoformat(),
                "ends_at": row["slot__ends_at"].isoformat(),
                "online_closes_at": closes_at.isoformat(),
                "free": {},
            }
        )
    slots[-1]["free"][row["channel"]] = row["free"]
