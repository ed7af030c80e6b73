"""Encryption at rest: SM4-GCM under a data key, and blind indexes by HMAC-SM3.

A value is stored as whose key (1 byte: a hospital's or a person's), key id (16), nonce
(12, random), ciphertext, tag (16). Nothing is used before the tag is checked.
"""

from functools import lru_cache
from uuid import UUID

from common.crypto_keys import (
    KEY_SECONDS,
    PERSON_KEY,
    KeyDestroyed,
    KeyUnknown,
    destroy_person_key,
    expect_person_key,
    forget_keys,
    key_of,
    make_data_key,
    newest_key,
    person_key,
    person_keys,
)
from common.crypto_provider import (
    FileKeys,
    KeyProvider,
    hmac_sm3,
    provider,
    seal,
    unseal,
)

__all__ = [
    "KEY_SECONDS",
    "PERSON_KEY",
    "FileKeys",
    "KeyDestroyed",
    "KeyProvider",
    "KeyUnknown",
    "blind_index",
    "decrypt",
    "destroy_person_key",
    "encrypt",
    "expect_person_key",
    "forget_keys",
    "hmac_sm3",
    "make_data_key",
    "newest_key",
    "person_keys",
    "provider",
    "seal",
    "unseal",
]


@lru_cache(maxsize=64)
def _index_key(column: str) -> bytes:
    return provider().index_key(column)


def blind_index(column: str, value: str) -> str:
    """What a value is found by without being readable: 64 hexadecimal characters."""
    return hmac_sm3(_index_key(column), value.encode()).hex()


def encrypt(
    plain: bytes, *, hospital_id: UUID, purpose: str, owner_id: UUID | None = None
) -> bytes:
    """The stored form of a value, under the key of `owner_id` where one is named.

    Raises KeyUnknown where the hospital was not opened.
    """
    if owner_id is not None:
        return person_key(hospital_id, owner_id).close(plain)
    return newest_key(hospital_id, purpose).close(plain)


def decrypt(stored: bytes) -> bytes:
    """The value. Raises KeyUnknown, KeyDestroyed, or InvalidTag where it was tampered with."""
    return unseal(key_of(stored).secret, stored[17:])
