"""The limit beside which a bench is read: the same database doing the bare work."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

SLOTS = 10_000
SECONDS = 5
CLIENTS = 16

BOOKING = f"""\\set slot random(1, {SLOTS})
BEGIN;
UPDATE bench_slot SET left_over = left_over - 1 WHERE id = :slot AND left_over > 0;
INSERT INTO bench_visit (slot_id) VALUES (:slot);
COMMIT;
"""  # noqa: S608 - numbers of ours
TABLES = f"""
DROP TABLE IF EXISTS bench_slot, bench_visit;
CREATE TABLE bench_slot (id int PRIMARY KEY, left_over int NOT NULL);
CREATE TABLE bench_visit (id bigserial PRIMARY KEY, slot_id int NOT NULL);
INSERT INTO bench_slot SELECT n, 1000000 FROM generate_series(1, {SLOTS}) n;
ANALYZE bench_slot;
"""  # noqa: S608 - numbers of ours


def bookings_the_database_can_do() -> float:
    """Transactions a second of begin, conditional update, insert, commit, by pgbench."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    figure = _pgbench(BOOKING)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_slot, bench_visit")
    return figure


def reads_the_database_can_do(sql: str) -> float:
    """Runs a second of one reading statement, by pgbench."""
    return _pgbench(f"{sql};\n")


def _pgbench(script: str) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(  # noqa: S603 - our own command
            [*_program(), "-c", str(CLIENTS), "-T", str(SECONDS), "-f", file.name, *_address()],
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS + 60,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError("pgbench said no figure.")
    return float(found.group(1))


def _program() -> list[str]:
    """pgbench with prepared statements and two threads."""
    found = shutil.which("pgbench") or next(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    return [str(found), "-n", "-M", "prepared", "-j", "2"]


def _address() -> list[str]:
    database = settings.DATABASES["default"]
    host, port, user = (str(database[name]) for name in ("HOST", "PORT", "USER"))
    options = []
    for flag, value in (("-h", host), ("-p", port), ("-U", user)):
        options += [flag, value] if value else []
    return [*options, str(database["NAME"])]
