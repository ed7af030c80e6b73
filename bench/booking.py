"""`make bench-booking`: bookings over HTTP, spread over slots, beside the database's own limit."""

import argparse
import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import Outcome, send_all
from bench.limit import bookings_the_database_can_do
from bench.report import Figures, finish, machine, percentile, say_conditions
from bench.server import cpu_seconds, production_server
from bench.setup import fresh_house
from bench.world import Booker, add_bookers, add_slots, open_bench_hospital
from booking.models import Appointment, Place, Slot
from common import clock

CLIENTS = 16
WARM_UP = 200


def main() -> None:
    """Build the world, measure the limit, book, count what must not be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bookers", type=int, default=6000)
    parser.add_argument("--sessions", type=int, default=125)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    run(bookers=asked.bookers, sessions=asked.sessions, seconds=asked.seconds)


def run(*, bookers: int, sessions: int, seconds: float) -> None:
    """One run; prints the line of JSON."""

    fresh_house()
    hospital = open_bench_hospital()
    people = add_bookers(hospital, bookers)
    slots = add_slots(hospital, sessions=sessions, on=clock.today() + timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say_conditions(settings.MIDDLEWARE)
    limit = bookings_the_database_can_do()
    requests = requests_of(people, slots)
    with production_server() as group:
        send_all(itertools.islice(requests, WARM_UP), clients=CLIENTS, seconds=30)
        before = cpu_seconds(group)
        outcome = send_all(requests, clients=CLIENTS, seconds=seconds)
        used = cpu_seconds(group) - before
    done = sum(outcome.statuses.values())
    print(f"{done} requests in {outcome.seconds:.1f} s, answers {dict(outcome.statuses)}")
    finish(
        Figures(
            bench="booking",
            per_second=round(outcome.per_second, 1),
            p50_ms=round(percentile(outcome.times, 0.5) * 1000, 1),
            p99_ms=round(percentile(outcome.times, 0.99) * 1000, 1),
            cpu_ms=round(used * 1000 / max(1, done), 2),
            sql=statements_of_one(next(requests, b"")),
            limit_per_second=round(limit, 1),
            ratio=round(outcome.per_second / limit, 4),
            wrong=wrong_outcomes(outcome),
            machine=machine(),
        )
    )


def requests_of(people: list[Booker], slots: list[Slot]) -> Iterator[bytes]:
    """One booking each, over all slots in turn."""
    for person, slot in zip(people, itertools.cycle(slots), strict=False):
        body = json.dumps({"slot_id": str(slot.pk), "patient_id": str(person.patient_id)}).encode()
        head = (
            "POST /api/v1/hospitals/bench/appointments HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Token {person.token}\r\nIdempotency-Key: {uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def statements_of_one(request: bytes) -> int:
    """The statements that one booking sends, BEGIN and COMMIT left out."""

    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    headers = {name: value for name, value in lines if name != "Host"}
    client = Client(SERVER_NAME="127.0.0.1")
    with CaptureQueriesContext(connection) as seen:
        client.post(
            "/api/v1/hospitals/bench/appointments",
            body,
            content_type="application/json",
            headers=headers,
        )
    return sum("BEGIN" not in one["sql"] and "COMMIT" not in one["sql"] for one in seen)


def wrong_outcomes(outcome: Outcome) -> int:
    """Answers that are not 201, and places or appointments that do not agree."""

    refused = sum(count for status, count in outcome.statuses.items() if status != 201)
    kept = Place.objects.exclude(appointment=None).count()
    live = Appointment.objects.live().count()
    return refused + abs(kept - live)
