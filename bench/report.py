"""The last line of a bench, and what is said before it."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

SHOWN_SETTINGS = ("fsync", "synchronous_commit", "shared_buffers", "max_connections")


@dataclass(frozen=True)
class Figures:
    """One bench's outcome; None where a key does not apply."""

    bench: str
    per_second: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_ms: float | None = None
    sql: int | None = None
    limit_per_second: float | None = None
    ratio: float | None = None
    wrong: int | None = None
    machine: str = ""


def machine() -> str:
    """The processor, how many there are, and the Python."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    named = models[0] if models else platform.machine()
    return f"{named} x{len(models) or 1}, Python {platform.python_version()}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def say_conditions(middleware: Sequence[str]) -> None:
    """Print what the figures depend on: the database's durability and what each request passes."""
    with connection.cursor() as cursor:
        for name in SHOWN_SETTINGS:
            cursor.execute(f"SHOW {name}")
            print(f"{name}: {cursor.fetchone()[0]}")
    print("authentication: one joined query over the token table")
    print(f"middleware: {', '.join(name.rsplit('.', 1)[-1] for name in middleware)}")


def finish(figures: Figures) -> None:
    """Print the line of JSON; it is the last one."""
    print(json.dumps(asdict(figures), ensure_ascii=False))
