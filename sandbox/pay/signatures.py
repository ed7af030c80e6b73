"""RSA and AES-GCM between WeChat Pay and its merchants, in public-key mode."""

import base64
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.credentials import Merchant

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_SECONDS = 300  # older or newer requests are refused
PROBE_MARK = "WECHATPAY/SIGNTEST/"

_PART = re.compile(r'(\w+)="([^"]*)"')


class SignatureWrong(Exception):
    """The request was not signed by the merchant it names; the text says where it fails."""


@dataclass(frozen=True)
class SignedRequest:
    """What a merchant signs: the request exactly as it came over the wire."""

    authorization: str
    method: str
    target: bytes  # raw path and query
    body: bytes


class PaySigner:
    """Holds WeChat Pay's private key and every merchant's public one."""

    def __init__(self, *, private_key_pem: str, merchants: Sequence[Merchant]) -> None:
        self._private_key = _private_key(private_key_pem)
        self._merchants = {merchant.mchid: merchant for merchant in merchants}
        self._public_keys: dict[str, RSAPublicKey] = {
            merchant.mchid: _private_key(merchant.private_key_pem).public_key()
            for merchant in merchants
        }

    def merchant_of(self, request: SignedRequest, *, now: float) -> Merchant:
        """The merchant who signed the request. Raises SignatureWrong."""
        scheme, _, rest = request.authorization.partition(" ")
        parts = dict(_PART.findall(rest))
        if scheme != SCHEME:
            raise SignatureWrong("scheme")
        merchant = self._merchants.get(parts.get("mchid", ""))
        if merchant is None:
            raise SignatureWrong("mchid")
        if parts.get("serial_no", "").upper() != merchant.serial_no.upper():
            raise SignatureWrong("serial_no")
        timestamp, nonce = parts.get("timestamp", ""), parts.get("nonce_str", "")
        if not _is_near(timestamp, now):
            raise SignatureWrong("timestamp")
        lines = (request.method.encode("ascii"), request.target, timestamp.encode(), nonce.encode())
        text = b"".join(line + b"\n" for line in (*lines, request.body))
        if not nonce or not self._is_signed(merchant, text, signature=parts.get("signature", "")):
            raise SignatureWrong("sign not match")
        return merchant

    def is_pay_sign(self, merchant: Merchant, lines: Sequence[str], *, signature: str) -> bool:
        """Whether the merchant signed these lines for wx.requestPayment."""
        text = "".join(line + "\n" for line in lines).encode("utf-8")
        return self._is_signed(merchant, text, signature=signature)

    def headers(self, merchant: Merchant, body: bytes, *, now: float) -> dict[str, str]:
        """The headers that prove the body came from WeChat Pay just now."""
        timestamp, nonce = str(int(now)), secrets.token_hex(16)
        text = f"{timestamp}\n{nonce}\n".encode("ascii") + body + b"\n"
        signature = self._private_key.sign(text, PKCS1v15(), SHA256())
        return {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": base64.b64encode(signature).decode("ascii"),
            "Wechatpay-Signature-Type": SCHEME,
            "Wechatpay-Serial": merchant.public_key_id,
        }

    def probe_headers(self, merchant: Merchant, body: bytes, *, now: float) -> dict[str, str]:
        """Headers like the real ones, whose signature must be found wrong."""
        headers = self.headers(merchant, body, now=now)
        noise = base64.b64encode(secrets.token_bytes(256)).decode("ascii")
        return {**headers, "Wechatpay-Signature": PROBE_MARK + noise}

    def _is_signed(self, merchant: Merchant, text: bytes, *, signature: str) -> bool:
        try:
            raw = base64.b64decode(signature, validate=True)
            self._public_keys[merchant.mchid].verify(raw, text, PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            return False
        return True


def encrypt_resource(merchant: Merchant, plaintext: bytes, *, kind: str) -> dict[str, str]:
    """The `resource` of a notice, for the merchant's APIv3 key only."""
    nonce = secrets.token_hex(6)  # 12 characters, used as text
    key = AESGCM(merchant.apiv3_key.encode("ascii"))
    sealed = key.encrypt(nonce.encode("ascii"), plaintext, kind.encode("ascii"))
    return {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode("ascii"),
        "associated_data": kind,
        "nonce": nonce,
    }


def _is_near(timestamp: str, now: float) -> bool:
    if re.fullmatch(r"[0-9]{1,12}", timestamp) is None:
        return False
    return abs(int(timestamp) - now) <= SKEW_SECONDS


def _private_key(pem: str) -> RSAPrivateKey:
    # `keys` made it and nobody else writes the file; checking its primes again takes 50 ms
    key = load_pem_private_key(
        pem.encode("ascii"), password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key
