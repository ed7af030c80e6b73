"""The only place that takes row locks and claims scarce places.

One order everywhere: the kinds of `LOCK_ORDER`, and within a kind by key. In tests a lock that
goes backwards is refused. Behind every lock stands a constraint.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, models
from django.db.models.sql import Query

from common import commands
from common.errors import InFlight

LOCK_ORDER = (
    "account",
    "account closing",
    "staff",
    "badge",
    "device",
    "rota",
    "session",
    "person",
    "merge review",
    "document",
    "card",
    "charge",
    "payment",
    "admission",
    "appointment",
    "place",
    "bed",
    "waiting entry",
    "queue",
    "ticket",
    "visit",
    "order",
    "report",
    "prescription",
    "refund",
    "paper",
    "break glass",
    "access finding",
    "task",
    "message",
    "received",
    "stream",
)

CLAIM_PATIENCE_SECONDS = 1.0  # for places locked but not occupied; see docs/adr

M = TypeVar("M", bound=models.Model)


class LockBackwards(RuntimeError):
    """A bug: a lock was taken against the order of `LOCK_ORDER`."""


class _Guards:
    """The one test-only flag: guards that are switched off, to prove that they matter."""

    off: frozenset[str] = frozenset()


@contextmanager
def without_guard(*names: str) -> Iterator[None]:
    """Switch off `locks`, `claims` or `keys`; refused outside tests."""
    if not getattr(settings, "TESTING", False):
        raise RuntimeError("Guards are switched off in tests alone.")
    before, _Guards.off = _Guards.off, frozenset(names)
    try:
        yield
    finally:
        _Guards.off = before


def is_guarded(name: str) -> bool:
    """True but for a twin in a test, which shows what goes wrong without this guard."""
    return name not in _Guards.off


class RowQuerySet(models.QuerySet[M]):
    """What every model of the house is asked through.

    A query about rows that the command still holds back sends them first.
    """

    def locked(self) -> Self:
        """Rows nobody else can change until this transaction ends.

        Always in primary-key order, so two transactions that want the same rows queue up
        instead of deadlocking. `no_key`: who inserts a row that points here need not wait.
        """
        if commands.current() is None and not connection.in_atomic_block:
            raise RuntimeError("Locks belong inside a command.")
        commands.flush()
        if not is_guarded("locks"):
            return self.order_by("pk")
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def skip_locked(self) -> Self:
        """As `locked`, but leaves out rows that another transaction holds (sweeps alone)."""
        commands.flush()
        if not is_guarded("locks"):
            return self.all()
        return self.select_for_update(of=("self",), no_key=True, skip_locked=_can_skip())

    def claim_one(self, **occupy: UUID) -> M | None:
        """Give the first row of this queryset to an occupant, or say that none is free.

        One statement whose row count is the verdict. `occupy` names the one occupant column,
        for example `appointment_id=…`. Looks again for at most `CLAIM_PATIENCE_SECONDS` while
        free rows are merely locked by a transaction that may still roll back.
        """
        commands.flush()
        ((column, occupant),) = occupy.items()
        free = self.filter(**{f"{column}__isnull": True})
        if not is_guarded("claims"):
            return _claim_carelessly(free, column=column, occupant=occupant)
        claimed = _claim(free, column=column, occupant=occupant)
        if claimed is None and connection.vendor == "postgresql" and free.exists():
            claimed = _claim_patiently(free, column=column, occupant=occupant)
        return claimed

    def take(self, **changes: Any) -> bool:
        """Change the one row of this queryset, and say whether we were the one to change it.

        The queryset names what must still be true of the row; one UPDATE, whose row count is
        the verdict. For what may be used once: tickets, codes, leases.
        """
        commands.flush()
        if not is_guarded("claims"):
            row = self.first()
            if row is None:
                return False
            return self.model._default_manager.filter(pk=row.pk).update(**changes) == 1
        return self.update(**changes) == 1

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            _flush_what_is_asked(self.query)
        super()._fetch_all()
        if self.query.select_for_update and self._result_cache:
            _remember(self.model, [row.pk for row in self._result_cache if hasattr(row, "pk")])

    def count(self) -> int:
        """As Django's, after sending what is queued."""
        _flush_what_is_asked(self.query)
        return super().count()

    def aggregate(self, *what: Any, **named: Any) -> dict[str, Any]:
        """As Django's, after sending what is queued."""
        _flush_what_is_asked(self.query)
        return super().aggregate(*what, **named)

    def exists(self) -> bool:
        """As Django's, after sending what is queued."""
        _flush_what_is_asked(self.query)
        return super().exists()

    def update(self, **changes: Any) -> int:
        """As Django's, after sending what is queued."""
        _flush_what_is_asked(self.query)
        return super().update(**changes)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, after sending what is queued."""
        _flush_what_is_asked(self.query)
        return super().delete()


def _can_skip() -> bool:
    return connection.vendor == "postgresql"


def _flush_what_is_asked(query: Query) -> None:
    command = commands.current()
    if command is None or not command.writer.rows:
        return
    tables = {getattr(join, "table_name", "") for join in query.alias_map.values()}
    if query.model is not None:
        tables.add(query.model._meta.db_table)
    if command.writer.holds(tables):
        command.writer.flush()


def _remember(model: type[models.Model], keys: list[Any]) -> None:
    """Note the locks just taken; in tests refuse those that go backwards."""
    command = commands.current()
    if command is None or not getattr(settings, "TESTING", False):
        return
    kind = getattr(model, "LOCK_KIND", None)
    if kind is None:
        raise LockBackwards(f"{model.__name__} has no LOCK_KIND.")
    for key in keys:
        lock = (LOCK_ORDER.index(kind), str(key))
        if lock in command.locks:
            continue
        if command.locks and lock < max(command.locks):
            last = max(command.locks)
            raise LockBackwards(f"{kind} after {LOCK_ORDER[last[0]]} {last[1]}: {key}")
        command.locks.add(lock)


def _claim(free: RowQuerySet[M], *, column: str, occupant: UUID) -> M | None:
    """One UPDATE on the first free row, never `IN` (a plan may run it for every row)."""
    chosen = free.order_by("number").values("pk")
    if connection.vendor == "postgresql":
        chosen = chosen.select_for_update(of=("self",), skip_locked=True)
    model = free.model
    inner, params = chosen[:1].query.sql_with_params()
    table = model._meta.db_table
    where = f"id = ({inner})"
    if connection.vendor != "postgresql":
        where += f" AND {column} IS NULL"
    columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)
    sql = f"UPDATE {table} SET {column} = %s WHERE {where} RETURNING {columns}"  # noqa: S608 - names of ours
    value = model._meta.pk.get_db_prep_value(occupant, connection)
    rows = list(model._default_manager.raw(sql, [value, *params]))
    return rows[0] if rows else None


def _claim_patiently(free: RowQuerySet[M], *, column: str, occupant: UUID) -> M | None:
    """Wait, a bounded time, for free rows that another transaction holds; then claim again.

    The lock wait itself is the pause: it ends at once when the other transaction does. Raises
    `InFlight` where a row is still neither free to take nor taken: "full" would not be true.
    """
    ends = time.monotonic() + CLAIM_PATIENCE_SECONDS
    while (left := ends - time.monotonic()) > 0:
        wait_for_first(free, seconds=left)
        claimed = _claim(free, column=column, occupant=occupant)
        if claimed is not None or not free.exists():
            return claimed
    raise InFlight


def wait_for_first(free: RowQuerySet[M], *, seconds: float) -> None:
    """Return when the transaction that holds the first free row ends, or after `seconds`."""
    inner, params = free.order_by("number").values("pk")[:1].query.sql_with_params()
    table = free.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (usual,) = cursor.fetchone()
        cursor.execute("SAVEPOINT claim_patience")
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true)", [f"{max(1, int(seconds * 1000))}ms"]
        )
        try:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = ({inner}) FOR UPDATE", params)  # noqa: S608 - names of ours
        except OperationalError as trouble:
            if not is_lock_timeout(trouble):
                raise
        cursor.execute("ROLLBACK TO SAVEPOINT claim_patience")  # whoever waits holds no row
        cursor.execute("RELEASE SAVEPOINT claim_patience")
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def is_lock_timeout(trouble: BaseException) -> bool:
    """True when a database error only says that a lock was not to be had in time."""
    cause = trouble.__cause__
    state = getattr(cause, "sqlstate", "")
    return state in {"55P03", "40P01"} or "database is locked" in str(trouble)


def _claim_carelessly(free: RowQuerySet[M], *, column: str, occupant: UUID) -> M | None:
    """What a claim without its guard is: look, then write. Kept to prove what the guard does."""
    row = free.order_by("number").first()
    if row is not None:
        free.model._default_manager.filter(pk=row.pk).update(**{column: occupant})
        setattr(row, column, occupant)
    return row
