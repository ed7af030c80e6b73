"""The keys themselves: made, found, remembered for `KEY_SECONDS` at most, destroyed.

A hospital has data keys by purpose, wrapped by the master key. A person has a key of their own
where rows must stay but become unreadable (S4-56); it is wrapped by the hospital's data key of
purpose `PEOPLE`, so a KMS is asked once for a hospital and not once for each person.
"""

import secrets
import threading
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from common import clock, commands
from common.crypto_provider import KEY_BYTES, provider, seal, unseal
from common.ids import new_id
from common.models import DataKey, PersonKey
from common.remembering import Remembered

KEY_SECONDS = 30.0  # a rotation or destruction is known everywhere after this
PEOPLE = "people"  # the purpose of the data key that wraps the keys of persons
HOSPITAL_KEY = 1  # the first byte of a stored value: whose key its id names
PERSON_KEY = 2
MOST_PENDING = 500
DESTROYED = b""  # the secret of a key that is gone


class KeyUnknown(RuntimeError):
    """The data key is not there: never made, or a backup without its keys."""


class KeyDestroyed(KeyUnknown):
    """The key was destroyed on purpose; what it closed is gone."""


class Key(NamedTuple):
    """A key with the id that stands in its values. Shown without its secret."""

    kind: int
    id: UUID
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def close(self, plain: bytes) -> bytes:
        """The stored form of a value."""
        return bytes([self.kind]) + self.id.bytes + seal(self.secret, plain)


_newest: Remembered[tuple[UUID, str], Key] = Remembered(most=2000, seconds=KEY_SECONDS)
_newest_of_person: Remembered[tuple[UUID, UUID], Key] = Remembered(most=5000, seconds=KEY_SECONDS)
_by_id: Remembered[UUID, Key] = Remembered(most=10_000, seconds=KEY_SECONDS)


class _Pending(threading.local):
    """Ids of persons' keys that this thread has seen in rows and not looked up yet."""

    def __init__(self) -> None:
        self.ids: dict[UUID, None] = {}


_pending = _Pending()


def forget_keys() -> None:
    """Drop every key that this process remembers, as `KEY_SECONDS` do."""
    for remembered in (_newest, _newest_of_person, _by_id):
        remembered.forget()


def make_data_key(*, hospital_id: UUID, purpose: str, number: int = 1) -> None:
    """Make a data key of one purpose of one hospital where it is not there yet.

    Called when a hospital is opened or its key follows another, never while a value is encrypted:
    a key made in a transaction that rolls back would take other transactions' values with it.
    """
    DataKey.objects.bulk_create(
        [
            DataKey(
                id=new_id(),
                hospital_id=hospital_id,
                purpose=purpose,
                number=number,
                wrapped=provider().wrap(secrets.token_bytes(KEY_BYTES)),
                made_at=clock.real_now(),
            )
        ],
        ignore_conflicts=True,
    )
    _newest.forget((hospital_id, purpose))


def newest_key(hospital_id: UUID, purpose: str) -> Key:
    """What values of this purpose are written with. Raises KeyUnknown."""
    known = _newest.get((hospital_id, purpose))
    if known is not None:
        return known
    row = (
        DataKey.objects.filter(hospital_id=hospital_id, purpose=purpose, destroyed_at=None)
        .order_by("-number")
        .first()
    )
    if row is None:
        raise KeyUnknown(f"No data key for {purpose}; was the hospital opened?")
    key = Key(HOSPITAL_KEY, row.pk, provider().unwrap(bytes(row.wrapped)))
    _newest.put((hospital_id, purpose), key)
    _by_id.put(key.id, key)
    return key


def key_of(stored: bytes) -> Key:
    """The key that closed a stored value. Raises KeyUnknown, KeyDestroyed."""
    kind, key_id = stored[0], UUID(bytes=stored[1:17])
    if kind not in {HOSPITAL_KEY, PERSON_KEY}:
        raise KeyUnknown(f"Version {kind} of encrypted values is not known.")
    key = _by_id.get(key_id)
    if key is None:
        key = _load_data_key(key_id) if kind == HOSPITAL_KEY else _load_person_keys(key_id)
    if not key.secret:
        raise KeyDestroyed("The key of this value was destroyed.")
    return key


def _load_data_key(key_id: UUID) -> Key:
    row = DataKey.objects.filter(pk=key_id).first()
    if row is None:
        raise KeyUnknown("The data key of this value is not there.")
    wrapped = bytes(row.wrapped)
    key = Key(HOSPITAL_KEY, key_id, provider().unwrap(wrapped) if wrapped else DESTROYED)
    _by_id.put(key_id, key)
    return key


def expect_person_key(stored: bytes) -> None:
    """Remember that this thread may soon want the key: one query then finds all such keys."""
    key_id = UUID(bytes=stored[1:17])
    if _by_id.get(key_id) is None and len(_pending.ids) < MOST_PENDING:
        _pending.ids[key_id] = None


def _load_person_keys(key_id: UUID) -> Key:
    """The key, and with the same query those of the other rows that were read with it."""
    wanted = [key_id, *_pending.ids]
    _pending.ids.clear()
    found = {row.pk: _opened(row) for row in PersonKey.objects.filter(pk__in=wanted)}
    for key in found.values():
        _by_id.put(key.id, key)
    if key_id not in found:
        raise KeyUnknown("The person's key of this value is not there.")
    return found[key_id]


def _opened(row: PersonKey) -> Key:
    if row.wrapped is None:
        return Key(PERSON_KEY, row.pk, DESTROYED)
    wrapped = bytes(row.wrapped)
    return Key(PERSON_KEY, row.pk, unseal(key_of(wrapped).secret, wrapped[17:]))


def person_key(hospital_id: UUID, owner_id: UUID) -> Key:
    """What values about this person are written with; made where there is none."""
    return person_keys(hospital_id, [owner_id])[owner_id]


def person_keys(hospital_id: UUID, owner_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """The same for many persons, with one query for all that are not known yet."""
    found: dict[UUID, Key] = {}
    memo = _memo()
    for owner_id in set(owner_ids):
        known = memo.get((hospital_id, owner_id)) or _newest_of_person.get((hospital_id, owner_id))
        if known is not None:
            found[owner_id] = known
    unknown = sorted(set(owner_ids) - found.keys())
    if not unknown:
        return found
    read = _read_person_keys(hospital_id, unknown)
    missing = [owner_id for owner_id in unknown if owner_id not in read]
    if missing:
        _make_person_keys(hospital_id, missing)
        read |= _read_person_keys(hospital_id, missing)
    for owner_id, key in read.items():
        _remember_person(hospital_id, owner_id=owner_id, key=key)
    return found | read


def _read_person_keys(hospital_id: UUID, owner_ids: list[UUID]) -> dict[UUID, Key]:
    rows = PersonKey.objects.filter(
        hospital_id=hospital_id, owner_id__in=owner_ids, destroyed_at=None
    ).order_by("number")
    return {row.owner_id: _opened(row) for row in rows}


def _make_person_keys(hospital_id: UUID, owner_ids: list[UUID]) -> None:
    """In the order of their owners, so that two transactions that make the same do not lock."""
    last = dict(
        PersonKey.objects.filter(hospital_id=hospital_id, owner_id__in=owner_ids)
        .order_by("number")
        .values_list("owner_id", "number")
    )
    wrapping = newest_key(hospital_id, PEOPLE)
    PersonKey.objects.bulk_create(
        [
            PersonKey(
                id=new_id(),
                hospital_id=hospital_id,
                owner_id=owner_id,
                number=last.get(owner_id, 0) + 1,
                wrapped=wrapping.close(secrets.token_bytes(KEY_BYTES)),
            )
            for owner_id in sorted(owner_ids)
        ],
        ignore_conflicts=True,
    )


def _memo() -> dict[tuple[UUID, UUID], Key]:
    """What the open command alone may use: its key may be one that rolls back with it."""
    command = commands.current()
    return command.person_keys if command is not None else {}


def _remember_person(hospital_id: UUID, *, owner_id: UUID, key: Key) -> None:
    """For this command now, for the process once the key is surely there."""
    _memo()[hospital_id, owner_id] = key
    if connection.in_atomic_block:
        transaction.on_commit(lambda: _newest_of_person.put((hospital_id, owner_id), key))
    else:
        _newest_of_person.put((hospital_id, owner_id), key)


def destroy_person_key(*, hospital_id: UUID, owner_id: UUID) -> int:
    """What was written under the person's own key is gone, though its rows stay; how many keys.

    Repeatable, and part of the open command: a rollback brings the key back. Other processes
    forget it within `KEY_SECONDS`; older backups hold it until their own end (docs/keys.md).
    What is written about the person later has a new key.
    """
    live = PersonKey.objects.filter(hospital_id=hospital_id, owner_id=owner_id, destroyed_at=None)
    ids = list(live.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    gone = PersonKey.objects.filter(pk__in=ids, destroyed_at=None).update(
        wrapped=None, destroyed_at=clock.real_now()
    )
    _forget_person(hospital_id, owner_id=owner_id, ids=ids)
    transaction.on_commit(lambda: _forget_person(hospital_id, owner_id=owner_id, ids=ids))
    return gone


def _forget_person(hospital_id: UUID, *, owner_id: UUID, ids: list[UUID]) -> None:
    _memo().pop((hospital_id, owner_id), None)
    _newest_of_person.forget((hospital_id, owner_id))
    for key_id in ids:
        _by_id.forget(key_id)
