"""The one durable transaction of an edge, and the idempotency key it inserts first.

A command that is killed between any two statements and repeated has one effect, and the same
status and object. A refusal rolls its key back too.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import models, transaction

from common.writing import Statement, Writer

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Command:
    """What the open transaction still owes: rows to insert, events to number, jobs to nudge."""

    writer: Writer = field(default_factory=Writer)
    locks: set[tuple[int, str]] = field(default_factory=set)
    announced: list[Any] = field(default_factory=list)  # common.live's events without number
    nudged: set[str] = field(default_factory=set)
    person_keys: dict[Any, Any] = field(default_factory=dict)  # common.crypto_keys' alone
    index_states: dict[str, Any] = field(default_factory=dict)  # common.crypto_index' alone
    last_of_all: list[Callable[[], None]] = field(default_factory=list)

    def finish(self) -> None:
        """Send what is queued, then number the live events: stream locks come last of all."""
        self.writer.flush()
        while self.last_of_all:
            self.last_of_all.pop(0)()
        self.writer.flush()


_current: ContextVar[Command | None] = ContextVar("command", default=None)


def current() -> Command | None:
    """The open command, if there is one."""
    return _current.get()


def _open() -> Command:
    command = _current.get()
    if command is None:
        raise RuntimeError("This belongs inside an action.")
    return command


@contextmanager
def command() -> Iterator[Command]:
    """Open the transaction of one edge. Commands do not nest; actions join the open one."""
    if _current.get() is not None:
        raise RuntimeError("A command is already open.")
    opened = Command()
    token = _current.set(opened)
    try:
        with transaction.atomic(durable=True):
            yield opened
            opened.finish()
    finally:
        _current.reset(token)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a verb: it joins the open command or opens one of its own."""

    @functools.wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        if _current.get() is not None:
            return function(*args, **kwargs)
        with command():
            return function(*args, **kwargs)

    return act


def write(row: models.Model) -> None:
    """Queue an insert; all inserts of a command leave in one statement before it commits."""
    _open().writer.queue(row)


def write_unless_there(row: models.Model, *, columns: tuple[str, ...]) -> None:
    """Queue an insert that does nothing where a row with the same `columns` exists."""
    _open().writer.queue_unless_there(row, columns=columns)


def write_statement(sql: str, params: list[object]) -> None:
    """Queue a statement that leaves together with the inserts."""
    _open().writer.statements.append(Statement(sql, params))


def flush() -> None:
    """Send what is queued now. Does nothing outside a command."""
    opened = _current.get()
    if opened is not None:
        opened.writer.flush()


@dataclass(frozen=True)
class Answer:
    """What a command is remembered by: an HTTP status and the object it made or changed."""

    status: int
    object_id: UUID
    is_replay: bool
