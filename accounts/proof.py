"""How a device proves itself: an ECDSA P-256 key of the browser's WebCrypto signs our challenge.

The private key cannot be read out of the browser, so neither a stolen cookie nor a copied page
can sign. All texts are base64url without padding.
"""

import base64
import binascii
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from accounts.errors import ProofRefused

POINT_BYTES = 65  # uncompressed, as WebCrypto exports "raw"
SIGNATURE_BYTES = 64  # r and s, as WebCrypto writes them (IEEE P1363)


def enrolment_text(*, challenge: str, public_key: str) -> bytes:
    """What a device signs to show its key."""
    return f"zhencheng enrol 1\n{challenge}\n{public_key}".encode()


def sign_in_text(*, challenge: str, device_id: UUID) -> bytes:
    """What a device signs at each badge sign-in."""
    return f"zhencheng badge 1\n{challenge}\n{device_id}".encode()


def check_proof(text: bytes, *, public_key: str, signature: str) -> None:
    """The key signed this text. Raises ProofRefused."""
    signed = _decoded(signature)
    if len(signed) != SIGNATURE_BYTES:
        raise ProofRefused
    half = SIGNATURE_BYTES // 2
    r, s = int.from_bytes(signed[:half]), int.from_bytes(signed[half:])
    try:
        _key_of(public_key).verify(utils.encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise ProofRefused from None


def _key_of(public_key: str) -> ec.EllipticCurvePublicKey:
    """The point, which must lie on the curve. Raises ProofRefused."""
    point = _decoded(public_key)
    if len(point) != POINT_BYTES:
        raise ProofRefused
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise ProofRefused from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ProofRefused from None
