"""What WeChat pushes to a mini-program's server (消息推送), signed and, where asked, encrypted."""

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes


@dataclass(frozen=True)
class Push:
    """One call of WeChat's: what follows `?`, and the body."""

    query: dict[str, str]
    body: bytes


def signature_of(*words: str) -> str:
    """SHA-1 over the sorted words."""
    return hashlib.sha1("".join(sorted(words)).encode(), usedforsecurity=False).hexdigest()


def address_check(*, token: str, at: int, echostr: str) -> Push:
    """What WeChat asks when the address is entered at its console."""
    return Push(query={**_signed(token, at), "echostr": echostr}, body=b"")


def plain_push(event: Mapping[str, object], *, token: str, at: int, is_xml: bool = False) -> Push:
    """An event in plain mode."""
    return Push(query=_signed(token, at), body=_written(event, is_xml=is_xml))


def secure_push(
    event: Mapping[str, object], *, token: str, aes_key: str, app_id: str, is_xml: bool = False
) -> Push:
    """An event in secure mode; `CreateTime` is when."""
    at = int(str(event["CreateTime"]))
    encrypted = encrypt(_written(event, is_xml=is_xml), aes_key=aes_key, app_id=app_id)
    query = _signed(token, at)
    proof = signature_of(token, query["timestamp"], query["nonce"], encrypted)
    outside = {"ToUserName": event.get("ToUserName", ""), "Encrypt": encrypted}
    return Push(
        query={**query, "encrypt_type": "aes", "msg_signature": proof},
        body=_written(outside, is_xml=is_xml),
    )


def encrypt(message: bytes, *, aes_key: str, app_id: str) -> str:
    """AES-256-CBC over 16 random bytes, the length, the message and the app id."""
    key = base64.b64decode(aes_key + "=")
    plain = secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + app_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def _signed(token: str, at: int) -> dict[str, str]:
    timestamp, nonce = str(at), str(secrets.randbelow(10**9))
    return {
        "signature": signature_of(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def _written(told: Mapping[str, object], *, is_xml: bool) -> bytes:
    if not is_xml:
        return json.dumps(told, ensure_ascii=False).encode()
    return f"<xml>{_nodes(told)}</xml>".encode()


def _nodes(told: Mapping[str, object]) -> str:
    return "".join(_node(name, value) for name, value in told.items())


def _node(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_node(name, one) for one in value)
    inner = _nodes(value) if isinstance(value, Mapping) else escape(str(value))
    return f"<{name}>{inner}</{name}>"
