"""Processes that kill themselves with -9 between two SQL statements, to prove what is repeated.

A module of them calls `live_and_die(handle)`; a test starts it as a `Mortal` and sends it lines of
JSON. Each line is handled in a child of its own and answered with one word: `killed`, or what
`handle` returned.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent

PATIENCE_SECONDS = 30


class DiesAfter:
    """A witness of statements who kills the process after the last one allowed."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Run it; the answer is never seen where it was the last."""
        result = execute(*statement)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def live_and_die(handle: Callable[[dict[str, Any]], int]) -> None:
    """A child for each line; this process itself never opens the database.

    `handle` returns a number below 256, which is the word.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(handle(json.loads(line)))
        _, status = os.waitpid(child, 0)
        word = "killed" if os.WIFSIGNALED(status) else str(os.WEXITSTATUS(status))
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()


class Mortal:
    """A running module of `live_and_die`, on this test's database."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module, str(connection.settings_dict["NAME"])],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, **line: Any) -> str:
        """The word for one line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        """No more lines."""
        self._process.communicate(timeout=PATIENCE_SECONDS)
