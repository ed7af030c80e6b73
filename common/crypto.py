"""Encryption at rest: SM4-GCM under a data key, and blind indexes by HMAC-SM3.

A value is stored as whose key (1 byte: a hospital's or a person's), key id (16), nonce
(12, random), ciphertext, tag (16). Nothing is used before the tag is checked.
"""

from uuid import UUID

from common.crypto_index import BlindIndex, blind_index, forget_indexes, hold_indexes
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
    "BlindIndex",
    "FileKeys",
    "KeyDestroyed",
    "KeyProvider",
    "KeyUnknown",
    "blind_index",
    "decrypt",
    "destroy_person_key",
    "encrypt",
    "expect_person_key",
    "forget_indexes",
    "forget_keys",
    "hmac_sm3",
    "hold_indexes",
    "make_data_key",
    "newest_key",
    "person_keys",
    "provider",
    "seal",
    "unseal",
]


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
