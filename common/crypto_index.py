"""Blind indexes: what a value is found by without being readable, and how their keys follow.

`column` names the key, not a table. While a key is followed by the next one, values are looked
up under both and written under one; which one, the database says to whoever writes
(docs/adr/two-keys-of-an-index.md).
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from common import commands
from common.asking import Purpose
from common.crypto_keys import KEY_SECONDS
from common.crypto_provider import hmac_sm3, provider
from common.locking import is_guarded
from common.models import IndexKey
from common.remembering import Remembered

LENGTH = 64
LOCK = zlib.crc32(b"zhencheng.blind-index")

# The plain values behind some stored indexes, as far as they are known: candidates for each.
plain_of_index: Purpose[[Sequence[str]], Mapping[str, Iterable[str]]] = Purpose("plain_of_index")


class State(NamedTuple):
    """Under which key of a column is written, and which other one is looked up too."""

    number: int = 1
    also: int | None = None


class BlindIndex(str):
    """An index under the key that is written; equal to the same value's index under the other."""

    __slots__ = ("also",)
    also: tuple[str, ...]

    def __new__(cls, written: str, also: tuple[str, ...] = ()) -> "BlindIndex":
        """`also`: the value's index under the other key, while there is one."""
        made = super().__new__(cls, written)
        made.also = also
        return made

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, str(other)) or other in self.also

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


_keys: Remembered[tuple[str, int, int], bytes] = Remembered(most=200, seconds=KEY_SECONDS)
_states: Remembered[str, dict[str, State]] = Remembered(most=1, seconds=KEY_SECONDS)


def forget_indexes() -> None:
    """Drop what this process remembers of indexes, as KEY_SECONDS do."""
    _keys.forget()
    _states.forget()


def blind_index(column: str, value: str) -> BlindIndex:
    """What a value is found by without being readable: 64 characters."""
    state = state_of(column)
    also = () if state.also is None else (index_under(state.also, column=column, value=value),)
    return BlindIndex(index_under(state.number, column=column, value=value), also)


def index_under(number: int, *, column: str, value: str) -> str:
    """The index under one key of the column; from the second on, its number stands before it."""
    head = mark(number)
    return (head + hmac_sm3(_key(column, number), value.encode()).hex())[:LENGTH]


def mark(number: int) -> str:
    """What an index under this key begins with."""
    return "" if number == 1 else f"{number}:"


def _key(column: str, number: int) -> bytes:
    asked = provider()
    known = _keys.get((column, number, id(asked)))
    if known is None:
        known = asked.index_key(column if number == 1 else f"{column}#{number}")
        _keys.put((column, number, id(asked)), known)
    return known


def state_of(column: str) -> State:
    """As this command holds it, or as it was KEY_SECONDS ago at most."""
    if column not in plain_of_index:
        return State()
    command = commands.current()
    if command is not None and command.index_states:
        held: State = command.index_states.get(column, State())
        return held
    known = _states.get("all")
    if known is None:
        known = _read()
        _states.put("all", known)
    return known.get(column, State())


def _read() -> dict[str, State]:
    rows = IndexKey.objects.values_list("column", "number", "also")
    return {column: State(number, also) for column, number, also in rows}


def hold_indexes() -> None:
    """Until this command ends no key of an index changes, and what it writes is of the newest.

    Called before a unique index is computed or read: so that of two who enter the same value,
    the constraint finds one. Those who hold do not wait for each other.
    """
    command = commands.current()
    if command is None:
        raise RuntimeError("Indexes are held inside a command.")
    if command.index_states:
        return
    if is_guarded("indexes"):
        _lock("pg_advisory_xact_lock_shared")
    states = _read()
    _states.put("all", states)
    command.index_states = {"": State(), **states}


def hold_indexes_alone() -> None:
    """Until this transaction ends nobody holds them: for the change itself."""
    if is_guarded("indexes"):
        _lock("pg_advisory_xact_lock")


def _lock(how: str) -> None:
    """SQLite has one writer at a time and needs none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {how}(%s)", [LOCK])
