"""Background jobs and timers by name. A job is an action whose arguments are ids.

A timer's sweep finds what is due; a nudge only makes it come sooner, at most once a command.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_q.tasks import async_task

from common import clock, commands
from common.locking import RowQuerySet

log = logging.getLogger(__name__)
BATCH = 50
FIRST_TRY_AGAIN = timedelta(seconds=10)
LONGEST_TRY_AGAIN = timedelta(minutes=30)
Sweep = Callable[[], int]


@dataclass(frozen=True)
class Timer:
    """A sweep that runs again and again: how often, and what it finds.

    `sweep` does at most one batch and returns how many rows it dealt with.
    """

    name: str
    every_seconds: int
    sweep: Sweep
    finds: str


_timers: dict[str, Timer] = {}


def on_timer(name: str, *, every_seconds: int, sweep: Sweep, finds: str) -> None:
    """List a sweep; called by `config.schedules` alone."""
    _timers[name] = Timer(name, every_seconds, sweep, finds)


def timers() -> list[Timer]:
    """Every timer, by name."""
    return [_timers[name] for name in sorted(_timers)]


def nudge(name: str) -> None:
    """Ask a worker to sweep soon: one job row, committed or rolled back with its reason."""
    command = commands.current()
    if command is None:
        raise RuntimeError("A nudge belongs inside an action.")
    if name in command.nudged:
        return
    command.nudged.add(name)
    command.last_of_all.append(lambda: _enqueue(name))


def _enqueue(name: str) -> None:
    async_task("common.jobs.run_sweep", name, task_name=name)


def sweep_each(due: QuerySet[Any], act: Callable[[UUID], object], *, batch: int) -> int:
    """Do what is due for at most `batch` rows, one command each; how many were dealt with.

    A row that breaks off is logged and passed over, so that however many such rows stand first,
    the others get their turn. Rows that were dealt with must leave `due`, which has an order.
    """
    dealt = passed = 0
    while dealt < batch:
        keys = list(due.values_list("pk", flat=True)[passed : passed + batch - dealt])
        if not keys:
            break
        for key in keys:
            if _is_dealt_with(key, act):
                dealt += 1
            else:
                passed += 1
    return dealt


def _is_dealt_with(key: UUID, act: Callable[[UUID], object]) -> bool:
    try:
        return bool(act(key))
    except Exception:  # whatever is wrong with one row, the others must not wait for it
        log.exception("a row of a sweep broke off", extra={"row_id": key})
        return False


@commands.action
def take_due(due: RowQuerySet[Any]) -> list[UUID]:
    """Keys of one batch of rows that are ours to try now; each comes later and later again.

    `due` is asked by when to try (`apply_at`), and its rows count their `tries`: who dies between
    taking and doing leaves them due again. Of two sweeps at once no row goes to both.
    """
    now = clock.now()
    taken = list(due.skip_locked()[:BATCH])
    for row in taken:
        row.tries += 1
        row.apply_at = now + min(FIRST_TRY_AGAIN * 2 ** min(row.tries, 10), LONGEST_TRY_AGAIN)
        row.save(update_fields=["tries", "apply_at"])
    return [row.pk for row in taken]


def run_sweep(name: str) -> int:
    """Sweep until nothing is due, at most 100 batches. Returns how many rows were dealt with."""
    dealt = 0
    for _ in range(100):
        found = _timers[name].sweep()
        dealt += found
        if not found:
            break
    return dealt


def sweep_everything() -> dict[str, int]:
    """Run every timer once, whatever its interval."""
    return {timer.name: run_sweep(timer.name) for timer in timers()}
