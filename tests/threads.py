"""Threads for race tests: all start together, none leaves a connection behind."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connections

R = TypeVar("R")
PATIENCE_SECONDS = 120


def race(parts: Sequence[Callable[[], R]]) -> list[R | Exception]:
    """Run every part in a thread of its own, begun together; their results in order."""
    start = threading.Barrier(len(parts))
    results: list[R | Exception] = [RuntimeError("did not end")] * len(parts)

    def run(number: int) -> None:
        try:
            start.wait(timeout=PATIENCE_SECONDS)
            results[number] = parts[number]()
        except Exception as trouble:  # noqa: BLE001 - the test looks at every outcome
            results[number] = trouble
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(parts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    return results
