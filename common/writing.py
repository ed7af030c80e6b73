"""Sends all inserts of a command as one statement (hot-path 7), and one by one on SQLite.

Keys are known before rows exist and foreign keys are deferred, so order does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery


@dataclass
class Statement:
    """One SQL statement with its parameters."""

    sql: str
    params: Sequence[Any]


@dataclass
class Writer:
    """The rows and statements a command still has to send."""

    rows: list[models.Model] = field(default_factory=list)
    unless_there: dict[type[models.Model], tuple[str, ...]] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)

    def queue(self, row: models.Model) -> None:
        """Send `row` as an insert at the next flush."""
        self.rows.append(row)

    def queue_unless_there(self, row: models.Model, *, columns: tuple[str, ...]) -> None:
        """Send `row`, or nothing where a row with the same `columns` exists."""
        self.unless_there[type(row)] = columns
        self.rows.append(row)

    def holds(self, tables: Iterable[str]) -> bool:
        """True when a queued row belongs to one of `tables`."""
        if not self.rows:
            return False
        queued = {row._meta.db_table for row in self.rows}
        return not queued.isdisjoint(tables)

    def flush(self) -> None:
        """Send everything queued: one statement on PostgreSQL, several on SQLite."""
        rows, self.rows = self.rows, []
        statements, self.statements = [*self._inserts(rows), *self.statements], []
        if not statements:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and len(statements) > 1:
                joined = as_one(statements)
                cursor.execute(joined.sql, joined.params)
            else:
                for statement in statements:
                    cursor.execute(statement.sql, statement.params)
        for row in rows:
            row._state.adding = False
            row._state.db = connection.alias

    def _inserts(self, rows: Sequence[models.Model]) -> list[Statement]:
        by_model: dict[type[models.Model], list[models.Model]] = {}
        for row in rows:
            by_model.setdefault(type(row), []).append(row)
        return [
            statement
            for model, same in by_model.items()
            for statement in inserts(model, same, unless=self.unless_there.get(model))
        ]


def inserts(
    model: type[models.Model], rows: Sequence[models.Model], *, unless: tuple[str, ...] | None
) -> list[Statement]:
    """The INSERT of `rows`, which are all of `model`."""
    for column in model._meta.local_concrete_fields:
        if hasattr(column, "before_insert"):  # an encrypted column looks for all keys at once
            column.before_insert(rows)
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, list(rows))
    compiled = query.get_compiler(connection=connection).as_sql()
    suffix = f" ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""
    return [Statement(sql + suffix, params) for sql, params in compiled]


def as_one(statements: Sequence[Statement]) -> Statement:
    """PostgreSQL: each statement but the last as a data-modifying CTE."""
    *first, last = statements
    parts = ", ".join(f"w{n} AS ({one.sql})" for n, one in enumerate(first))
    params = [value for one in statements for value in one.params]
    return Statement(f"WITH {parts} {last.sql}", params)
