"""What the provider says, signed and sealed by its own key, whenever a test wants it said."""

import json
import time
from typing import Any
from uuid import uuid4

from sandbox.credentials import Provider
from sandbox.pay.signatures import PaySigner, encrypt_resource
from tests.sandbox.outside import Received, Sandbox


def notice_of(sandbox: Sandbox, told: dict[str, Any], *, kind: str) -> Received:
    """A notice that the provider truly signed, just now."""
    merchant = sandbox.credentials.merchants[0]
    original_type = "refund" if kind.startswith("REFUND") else "transaction"
    resource = encrypt_resource(merchant, json.dumps(told).encode(), kind=original_type)
    body = json.dumps({"id": str(uuid4()), "event_type": kind, "resource": resource}).encode()
    signer = PaySigner(
        private_key_pem=Provider.read(sandbox.home).platform_private_key_pem,
        merchants=[merchant],
    )
    return Received("", signer.headers(merchant, body, now=time.time()), body)
