"""Encryption at rest: SM4-GCM under a data key, and blind indexes by HMAC-SM3.

A value is stored as version (1 byte), data key id (16), nonce (12, random), ciphertext, tag (16).
Nothing is used before the tag is checked. Keys come from a `KeyProvider`.
"""

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from common.ids import new_id
from common.models import DataKey

VERSION = 1
KEY_BYTES = 16  # SM4
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD = 1 + 16 + NONCE_BYTES
LABEL = b"zhencheng"  # associated data of every value


class KeyUnknown(RuntimeError):
    """The data key is not there: never made, destroyed, or a backup without its keys."""


class KeyProvider(Protocol):
    """Keeps the master key: a file outside the tree, or a KMS by the same small protocol."""

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a data key."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a data key."""

    def index_key(self, column: str) -> bytes:
        """The secret of one blind index."""


def seal(key: bytes, plain: bytes) -> bytes:
    """Nonce, ciphertext and tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(LABEL)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes) -> bytes:
    """The plain bytes; raises cryptography's InvalidTag where one bit was changed."""
    nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(LABEL)
    return decryptor.update(body) + decryptor.finalize()


class FileKeys:
    """The master key in a file, mode 0600, made at set-up where it does not exist."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            _make_file(file)
        self._secrets: dict[str, str] = json.loads(file.read_text())

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a data key."""
        return seal(bytes.fromhex(self._secrets["master"]), key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a data key."""
        return unseal(bytes.fromhex(self._secrets["master"]), wrapped)

    def index_key(self, column: str) -> bytes:
        """The secret of one blind index, drawn from the index master."""
        return hmac_sm3(bytes.fromhex(self._secrets["index"]), column.encode())


def _make_file(file: Path) -> None:
    """Write new keys; of two processes that try at once, one wins and both read its file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = {"master": secrets.token_hex(KEY_BYTES), "index": secrets.token_hex(32)}
    draft = file.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(fresh))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@lru_cache(maxsize=1)
def provider() -> KeyProvider:
    """The one key provider of this process."""
    return FileKeys(Path(settings.KEYS_FILE))


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC with SM3, 32 bytes."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()


@lru_cache(maxsize=64)
def _index_key(column: str) -> bytes:
    return provider().index_key(column)


def blind_index(column: str, value: str) -> str:
    """What a value is found by without being readable: 64 hexadecimal characters."""
    return hmac_sm3(_index_key(column), value.encode()).hex()


_by_owner: dict[tuple[UUID, str], tuple[UUID, bytes]] = {}
_by_id: dict[UUID, bytes] = {}


def make_data_key(*, hospital_id: UUID, purpose: str) -> None:
    """Make the data key of one purpose of one hospital where it is not there yet.

    Called when a hospital is opened, never while a value is encrypted: a key made in a
    transaction that rolls back would take other transactions' values with it.
    """
    DataKey.objects.bulk_create(
        [
            DataKey(
                id=new_id(),
                hospital_id=hospital_id,
                purpose=purpose,
                wrapped=provider().wrap(secrets.token_bytes(KEY_BYTES)),
            )
        ],
        ignore_conflicts=True,
    )


def _owned_key(hospital_id: UUID, purpose: str) -> tuple[UUID, bytes]:
    owner = (hospital_id, purpose)
    if owner not in _by_owner:
        row = DataKey.objects.filter(hospital_id=hospital_id, purpose=purpose).order_by("-number")
        found = row.first()
        if found is None:
            raise KeyUnknown(f"No data key for {purpose}; was the hospital opened?")
        _by_owner[owner] = (found.pk, provider().unwrap(bytes(found.wrapped)))
    return _by_owner[owner]


def _key_of(key_id: UUID) -> bytes:
    if key_id not in _by_id:
        row = DataKey.objects.filter(pk=key_id).first()
        if row is None:
            raise KeyUnknown("The data key of this value is not there.")
        _by_id[key_id] = provider().unwrap(bytes(row.wrapped))
    return _by_id[key_id]


def encrypt(plain: bytes, *, hospital_id: UUID, purpose: str) -> bytes:
    """The stored form of a value. Raises KeyUnknown where the hospital was not opened."""
    key_id, key = _owned_key(hospital_id, purpose)
    return bytes([VERSION]) + key_id.bytes + seal(key, plain)


def decrypt(stored: bytes) -> bytes:
    """The value. Raises KeyUnknown, or InvalidTag where it was tampered with."""
    if stored[0] != VERSION:
        raise KeyUnknown(f"Version {stored[0]} of encrypted values is not known.")
    return unseal(_key_of(UUID(bytes=stored[1:17])), stored[17:])
