"""Codes of an authenticator (RFC 6238, six digits, 30 s) and recovery codes. No rows, no clock."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
STEPS_ASIDE = 1  # a phone's clock may be half a minute off, either way
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits, shown as sixteen signs in fours


def new_secret() -> str:
    """160 random bits, as authenticator apps read them."""
    return pyotp.random_base32()


def address_of(secret: str, *, who: str, issuer: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=who, issuer_name=issuer)


def code_at(secret: str, at: datetime) -> str:
    """What the authenticator shows at a moment."""
    return pyotp.TOTP(secret).at(at)


def step_of(code: str, *, secret: str, now: datetime) -> int | None:
    """The time step whose code this is, the newest first; nothing where it is none of them."""
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    fitting = [
        step
        for step in range(current + STEPS_ASIDE, current - STEPS_ASIDE - 1, -1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return fitting[0] if fitting else None


def new_recovery_codes() -> list[str]:
    """Ten, `abcd-efgh-jkmn-pqrs`."""
    return [_in_fours(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _in_fours(random: bytes) -> str:
    signs = base64.b32encode(random).decode().lower()
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def digest_of(recovery_code: str) -> str:
    """What is kept of a recovery code; however it is written, with or without its dashes."""
    plain = "".join(sign for sign in recovery_code.lower() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
