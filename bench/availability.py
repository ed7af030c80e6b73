"""`make bench-availability`: a department's day, read by everybody at once."""

import argparse
import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.client import send_all
from bench.limit import reads_the_database_can_do
from bench.report import Figures, finish, machine, percentile, say_conditions
from bench.server import cpu_seconds, production_server
from bench.setup import fresh_house
from bench.world import add_slots, open_bench_hospital
from booking.availability import sessions_of
from booking.models import Session
from clinic.models import Department
from common import clock

CLIENTS = 16
SESSIONS = 10  # one department's day: 10 doctors, 80 slots, 1,600 places
DEPARTMENTS = 14


def main() -> None:
    """Build the world, measure the limit, read, check one answer against the database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    run(seconds=asked.seconds)


def run(*, seconds: float) -> None:
    """One run; prints the line of JSON. The limit is the counting statement itself, by pgbench."""

    fresh_house()
    hospital = open_bench_hospital()
    on = clock.today() + timedelta(days=3)
    add_slots(hospital, sessions=SESSIONS * DEPARTMENTS, on=on)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say_conditions(settings.MIDDLEWARE)
    paths = [
        f"/api/v1/hospitals/bench/departments/{one.pk}/availability?on={on}"
        for one in Department.objects.filter(hospital=hospital)
    ]
    sql, statement = counting_statement(hospital.pk, on=on)
    limit = reads_the_database_can_do(statement)
    with production_server() as group:
        send_all(requests_of(paths, most=200), clients=CLIENTS, seconds=30)
        before = cpu_seconds(group)
        outcome = send_all(requests_of(paths), clients=CLIENTS, seconds=seconds)
        used = cpu_seconds(group) - before
    done = sum(outcome.statuses.values())
    print(f"{done} requests in {outcome.seconds:.1f} s, answers {dict(outcome.statuses)}")
    finish(
        Figures(
            bench="availability",
            per_second=round(outcome.per_second, 1),
            p50_ms=round(percentile(outcome.times, 0.5) * 1000, 1),
            p99_ms=round(percentile(outcome.times, 0.99) * 1000, 1),
            cpu_ms=round(used * 1000 / max(1, done), 3),
            sql=sql,
            limit_per_second=round(limit, 1),
            ratio=round(outcome.per_second / limit, 4),
            wrong=sum(n for status, n in outcome.statuses.items() if status != 200),
            machine=machine(),
        )
    )


def requests_of(paths: list[str], *, most: int | None = None) -> Iterator[bytes]:
    """Each department's day in turn."""
    whole = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in paths]
    return itertools.islice(itertools.cycle(whole), most)


def counting_statement(hospital_id: UUID, *, on: date) -> tuple[int, str]:
    """How many statements a snapshot takes, and the counting one with its values in place."""

    department_id = Session.objects.values_list("department_id", flat=True)[0]
    sessions_of(hospital_id, department_id, on)
    with CaptureQueriesContext(connection) as seen:
        sessions_of(hospital_id, department_id, on)
    return len(seen), str(seen[-1]["sql"])
