"""The key that seals papers, and the certificates whose seals are believed.

Production names its own files; a demonstration makes a self-signed pair once, under `var/`.
A demonstration's certificate says so in its subject, so nothing else has to be told.
"""

import os
from datetime import timedelta
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common import clock

DEMONSTRATION_UNIT = "Demonstration only, no legal effect"
DEMONSTRATION_LIFE = timedelta(days=3650)


def make_demonstration_pair(*, key_file: Path, certificate_file: Path) -> bool:
    """Whether a pair was made: an existing one is kept, half of one is refused.

    The key is ECDSA P-256, readable by its owner alone.
    """
    there = [file for file in (key_file, certificate_file) if file.exists()]
    if len(there) == 2:
        return False
    if there:
        raise ImproperlyConfigured(f"{there[0]} stands without its other half; move it away.")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key)

    for file in (key_file, certificate_file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secret)
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return True


def read_certificate(file: Path) -> asn1_x509.Certificate:
    """The certificate in a PEM or DER file. Raises ImproperlyConfigured where there is none."""
    try:
        content = file.read_bytes()
    except OSError as trouble:
        raise ImproperlyConfigured(
            f"No certificate at {file}: run `manage.py make_demonstration_keys`, or set "
            "PAPERS_SIGNING_CERTIFICATE."
        ) from trouble
    if pem.detect(content):
        _, _, content = pem.unarmor(content)
    return asn1_x509.Certificate.load(content)


def is_demonstration(certificate: asn1_x509.Certificate) -> bool:
    """Whether this certificate was made by `make_demonstration_keys`."""
    unit: object = certificate.subject.native.get("organizational_unit_name")
    return unit == DEMONSTRATION_UNIT


def sealing_certificate() -> asn1_x509.Certificate:
    """The certificate papers are sealed with now.

    Raises ImproperlyConfigured for a demonstration's certificate where none is allowed.
    """
    certificate = read_certificate(Path(settings.PAPERS_SIGNING_CERTIFICATE))
    if is_demonstration(certificate) and not settings.PAPERS_DEMONSTRATION_SEAL:
        raise ImproperlyConfigured("A demonstration's certificate seals nothing here.")
    return certificate


def believed_certificates() -> list[asn1_x509.Certificate]:
    """Today's certificate and the retired ones, whose old seals still hold."""
    retired = [read_certificate(Path(file)) for file in settings.PAPERS_RETIRED_CERTIFICATES]
    return [sealing_certificate(), *retired]


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = clock.real_now()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zhencheng"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMONSTRATION_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, "Zhencheng demonstration seal"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + DEMONSTRATION_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
