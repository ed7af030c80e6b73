"""A hospital's data key is followed by a new one, and no row is left under the old.

The key id is in each stored value, so the rows of a key are found by their first 17 bytes. Rows
are closed again in small transactions under row locks; readers see the old value with the old
key or the new value with the new one. Values under a person's own key are not touched: the
rotation wraps that key anew. So a table that refuses UPDATE may hold persons' values alone.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.db.backends.utils import CursorWrapper

from common import clock
from common.crypto import decrypt
from common.crypto_keys import HOSPITAL_KEY, PEOPLE, Key, forget_keys, make_data_key, newest_key
from common.crypto_provider import provider
from common.fields import EncryptedField
from common.locking import is_guarded, is_lock_timeout
from common.models import DataKey, PersonKey

log = logging.getLogger(__name__)
BATCH = 100  # rows closed anew in one transaction; papers are large
PASSES = 3
# Longer than any process remembers a key (KEY_SECONDS) and any transaction lasts.
GRACE = timedelta(minutes=10)


class KeyStillNeeded(RuntimeError):
    """A key is not destroyed: a row is closed with it, or a process may still remember it."""


@dataclass(frozen=True)
class Column:
    """One encrypted column of one table, and the purpose of the data keys that close it."""

    model: type[models.Model]
    field: "models.Field[Any, Any]"
    purpose: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    def held(self, keys: list[DataKey], *, what: str = "id") -> tuple[str, list[Any]]:
        """SQL for the rows whose value one of the keys closed, and its parameters."""
        to_db = DataKey._meta.pk.get_db_prep_value
        heads: list[Any] = [bytes([HOSPITAL_KEY]) + key.pk.bytes for key in keys]
        marks = ", ".join(["%s"] * len(heads))
        where, params = f"substr({self.field.column}, 1, 17) IN ({marks})", heads
        if any(one.column == "hospital_id" for one in self.model._meta.concrete_fields):
            where = f"hospital_id = %s AND {where}"
            params = [to_db(keys[0].hospital_id, connection), *heads]
        return f"SELECT {what} FROM {self.model._meta.db_table} WHERE {where}", params  # noqa: S608 - names of ours

    def count(self, keys: list[DataKey]) -> int:
        """How many rows are still closed with one of the keys."""
        sql, params = self.held(keys, what="count(*)")
        with transaction.atomic(), connection.cursor() as cursor:
            _take_your_time(cursor)
            cursor.execute(sql, params)
            (found,) = cursor.fetchone()
        return int(found)


def columns(purpose: str) -> list[Column]:
    """Every column that data keys of this purpose close, found in the models."""
    found = [
        Column(model, one, one.purpose)
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, EncryptedField) and not model._meta.proxy
    ]
    found.append(Column(PersonKey, PersonKey._meta.get_field("wrapped"), PEOPLE))
    return [one for one in found if one.purpose == purpose]


def _take_your_time(cursor: CursorWrapper) -> None:
    """A search through a large table may last longer than a request's statement may."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")


@dataclass
class Progress:
    """What a rotation did to one column."""

    column: Column
    closed_anew: int = 0
    unreadable: list[UUID] = field(default_factory=list)  # tampered with; they stay as they are
    left: int = 0  # still under an old key: held by somebody, or unreadable


def old_keys(hospital_id: UUID, purpose: str) -> list[DataKey]:
    """The keys that another one followed, and that are not destroyed."""
    live = DataKey.objects.filter(hospital_id=hospital_id, purpose=purpose, destroyed_at=None)
    return list(live.order_by("-number"))[1:]


def begin_rotation(*, hospital_id: UUID, purpose: str) -> DataKey:
    """A new key follows, unless an earlier rotation is not over: then that one goes on.

    Every process writes with the new key within KEY_SECONDS. Not inside a command: the key must
    be there before any value is closed with it.
    """
    if not old_keys(hospital_id, purpose):
        numbers = DataKey.objects.filter(hospital_id=hospital_id, purpose=purpose)
        last = numbers.order_by("-number").values_list("number", flat=True).first()
        make_data_key(hospital_id=hospital_id, purpose=purpose, number=(last or 0) + 1)
    forget_keys()
    return DataKey.objects.get(pk=newest_key(hospital_id, purpose).id)


def close_anew(*, hospital_id: UUID, purpose: str) -> Iterator[Progress]:
    """Every row under an old key is closed with the newest; one `Progress` for each column.

    Can be stopped at any row and begun again.
    """
    keys = old_keys(hospital_id, purpose)
    newest = newest_key(hospital_id, purpose)
    for column in columns(purpose) if keys else []:
        done = Progress(column)
        _one_pass(done, keys=keys, newest=newest, batch=BATCH)
        for _ in range(PASSES):
            done.left = column.count(keys)
            if done.left == len(done.unreadable):
                break
            done.unreadable.clear()
            _one_pass(done, keys=keys, newest=newest, batch=1)
        yield done


def _one_pass(done: Progress, *, keys: list[DataKey], newest: Key, batch: int) -> None:
    """Through the column by key. Many rows at a time pass over those that others hold; one at
    a time waits for them, holding nothing, so that nobody can wait for us in a circle.
    """
    after: UUID | None = None
    while True:
        try:
            with transaction.atomic():
                rows = _locked(done.column, keys=keys, after=after, batch=batch)
                for key, stored in rows:
                    _close_one(done, key=key, stored=stored, newest=newest)
        except OperationalError as trouble:
            if not is_lock_timeout(trouble):
                raise
            return  # the next pass, or the next run, comes back to it
        if not rows:
            return
        after = rows[-1][0]


def _locked(
    column: Column, *, keys: list[DataKey], after: UUID | None, batch: int
) -> list[tuple[UUID, bytes]]:
    sql, params = column.held(keys, what=f"id, {column.field.column}")
    to_db = DataKey._meta.pk.get_db_prep_value
    if after is not None:
        sql += " AND id > %s"
        params = [*params, to_db(after, connection)]
    sql += f" ORDER BY id LIMIT {int(batch)}"
    if connection.vendor == "postgresql" and is_guarded("locks"):
        sql += " FOR NO KEY UPDATE" + (" SKIP LOCKED" if batch > 1 else "")
    with connection.cursor() as cursor:
        _take_your_time(cursor)
        cursor.execute(sql, params)
        return [(UUID(str(key)), bytes(stored)) for key, stored in cursor.fetchall()]


def _close_one(done: Progress, *, key: UUID, stored: bytes, newest: Key) -> None:
    try:
        plain = decrypt(stored)
    except InvalidTag:
        log.exception("a value cannot be read", extra={"row_id": key})
        done.unreadable.append(key)
        return
    table, name = done.column.model._meta.db_table, done.column.field.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = %s WHERE id = %s",  # noqa: S608 - names of ours
            [newest.close(plain), DataKey._meta.pk.get_db_prep_value(key, connection)],
        )
        done.closed_anew += cursor.rowcount


def destroy_old_keys(*, hospital_id: UUID, purpose: str) -> list[DataKey]:
    """The old keys are gone for good; their rows stay as tombstones. Repeatable.

    Raises KeyStillNeeded where a row is closed with one of them, or where a process may still
    remember one: until GRACE after the newest key was made.
    """
    with transaction.atomic():
        keys = old_keys(hospital_id, purpose)
        if not keys:
            return []
        made_at = DataKey.objects.get(pk=newest_key(hospital_id, purpose).id).made_at
        if made_at is None or clock.real_now() < made_at + GRACE:
            raise KeyStillNeeded(f"{purpose}: processes may remember it until {_end(made_at)}.")
        for column in columns(purpose):
            held = column.count(keys)
            if held:
                raise KeyStillNeeded(f"{purpose}: {held} rows of {column} are closed with it.")

        DataKey.objects.filter(pk__in=[key.pk for key in keys]).update(
            wrapped=b"", destroyed_at=clock.real_now()
        )
    forget_keys()
    return keys


def wrap_anew() -> int:
    """Every data key is wrapped by the newest master key; how many. Values stay as they are."""
    live = DataKey.objects.filter(destroyed_at=None)
    for key in live:
        wrapped = provider().wrap(provider().unwrap(bytes(key.wrapped)))
        live.filter(pk=key.pk).update(wrapped=wrapped)
    return live.count()


def _end(made_at: datetime | None) -> str:
    return (made_at + GRACE).isoformat(timespec="seconds") if made_at else "it is rotated again"
