"""Whether a notice truly comes from WeChat Pay, to this merchant, just now.

Our own verifier: the library's checks no timestamp and fetches certificates when a stranger
names an unknown one (wechat.md D).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from common import clock
from hospitals.models import Merchant
from payments.errors import NoticeForged, NoticeUnreadable

NOTICE_SKEW = timedelta(minutes=5)  # WeChat Pay v3: older or newer is refused
PROBE_MARK = "WECHATPAY/SIGNTEST/"  # a probe must fail like any forgery
ALGORITHM = "AEAD_AES_256_GCM"
LONGEST_NOTICE_ID = 36
LONGEST_KIND = 40


@dataclass(frozen=True)
class SignedNotice:
    """A notice as it came over the wire."""

    serial: str
    timestamp: str
    nonce: str
    signature: str
    body: bytes


@dataclass(frozen=True)
class Envelope:
    """What a notice says on its outside, and its resource, still sealed."""

    notice_id: str
    kind: str
    resource: Mapping[str, Any]


def verify(merchant: Merchant, notice: SignedNotice) -> None:
    """Nothing where the provider signed these bytes for this merchant within five minutes.

    Raises NoticeForged, saying which part is wrong.
    """
    if notice.serial != merchant.public_key_id:
        raise NoticeForged(part="serial")
    if not _is_near(notice.timestamp):
        raise NoticeForged(part="timestamp")
    if notice.signature.startswith(PROBE_MARK):
        raise NoticeForged(part="probe")
    signed = f"{notice.timestamp}\n{notice.nonce}\n".encode() + notice.body + b"\n"
    if not is_signed(merchant.public_key_pem, signed=signed, signature=notice.signature):
        raise NoticeForged(part="signature")


def is_signed(public_key_pem: str, *, signed: bytes, signature: str) -> bool:
    """True where the key's owner signed these bytes (RSA, PKCS#1 v1.5, SHA-256)."""
    try:
        raw = base64.b64decode(signature, validate=True)
        _public_key(public_key_pem).verify(raw, signed, PKCS1v15(), SHA256())
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True


def _is_near(timestamp: str) -> bool:
    """Real time, not the rules' clock: signatures live there."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - clock.real_now().timestamp()) <= NOTICE_SKEW.total_seconds()


@lru_cache(maxsize=64)
def _public_key(pem: str) -> RSAPublicKey:
    raw = pem.encode("ascii")
    key = (
        load_pem_x509_certificate(raw).public_key()
        if b"BEGIN CERTIFICATE" in raw
        else load_pem_public_key(raw)
    )
    if not isinstance(key, RSAPublicKey):
        raise TypeError("The provider signs with RSA.")
    return key


def open_envelope(body: bytes) -> Envelope:
    """The outside of a notice. Raises NoticeUnreadable."""
    try:
        told = json.loads(body)
        notice_id, kind, resource = told["id"], told["event_type"], told["resource"]
    except (ValueError, KeyError, TypeError, RecursionError) as trouble:
        raise NoticeUnreadable(field="body") from trouble
    is_text = isinstance(notice_id, str) and isinstance(kind, str)
    if not is_text or not 0 < len(notice_id) <= LONGEST_NOTICE_ID or len(kind) > LONGEST_KIND:
        raise NoticeUnreadable(field="id")
    if not notice_id.isprintable() or not kind.isprintable() or not isinstance(resource, dict):
        raise NoticeUnreadable(field="resource")
    return Envelope(notice_id, kind, resource)


def unseal_resource(apiv3_key: str, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plain resource, opened with the merchant's APIv3 key. Raises NoticeUnreadable."""
    try:
        if resource["algorithm"] != ALGORITHM:
            raise NoticeUnreadable(field="algorithm")
        plain = AESGCM(apiv3_key.encode()).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"], validate=True),
            resource.get("associated_data", "").encode(),
        )
        told = json.loads(plain)
    except (KeyError, AttributeError, TypeError, ValueError, InvalidTag) as trouble:
        raise NoticeUnreadable(field="resource") from trouble
    if not isinstance(told, dict):
        raise NoticeUnreadable(field="resource")
    return told
