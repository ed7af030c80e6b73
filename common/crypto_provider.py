"""SM4-GCM, HMAC-SM3, and who keeps the master key.

A hospital's KMS takes the file's place by a class of three methods, named by `KEY_PROVIDER`.
"""

import json
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.utils.module_loading import import_string

KEY_BYTES = 16  # SM4
NONCE_BYTES = 12
TAG_BYTES = 16
LABEL = b"zhencheng"  # associated data of every value


class KeyProvider(Protocol):
    """Keeps the master key: a file outside the tree, or a KMS by the same small protocol."""

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a data key."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a data key."""

    def index_key(self, column: str) -> bytes:
        """The secret of one blind index; `column#2` is the second secret of a column."""


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


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC with SM3, 32 bytes."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()


class FileKeys:
    """The master key in a file, mode 0600, made at set-up where it does not exist."""

    def __init__(self, file: Path | None = None) -> None:
        file = file or Path(settings.KEYS_FILE)
        if not file.exists():
            _make_file(file)
        told: dict[str, Any] = json.loads(file.read_text())
        self._masters = [bytes.fromhex(one) for one in (told["master"], *told.get("former", ()))]
        self._index = bytes.fromhex(told["index"])
        # A column's later keys may have secrets of their own, so that a leaked one is left behind.
        self._later = {name: bytes.fromhex(one) for name, one in told.get("indexes", {}).items()}

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a data key."""
        return seal(self._masters[0], key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a data key, wrapped by the master key or by a former one."""
        *formers, last = self._masters
        for master in formers:
            with suppress(InvalidTag):
                return unseal(master, wrapped)
        return unseal(last, wrapped)

    def index_key(self, column: str) -> bytes:
        """The secret of one blind index, drawn from the index master or from its own."""
        return hmac_sm3(self._later.get(column, self._index), column.encode())


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


def provider() -> KeyProvider:
    """The one key provider of this process, of the class that `KEY_PROVIDER` names."""
    return _made(settings.KEY_PROVIDER, str(settings.KEYS_FILE))


@lru_cache(maxsize=4)
def _made(name: str, _file: str) -> KeyProvider:
    made: KeyProvider = import_string(name)()
    return made
