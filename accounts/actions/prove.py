"""The text that a device signs once, within seconds of real time."""

import hashlib
import secrets
from datetime import timedelta

from accounts.errors import ProofRefused
from accounts.models import DeviceChallenge
from common import clock
from common.commands import action, write

CHALLENGE_LIFE = timedelta(seconds=60)
LONGEST = 100


@action
def make_challenge() -> str:
    """A fresh text for whatever device asks; we keep its digest alone."""
    text = secrets.token_urlsafe(32)

    write(DeviceChallenge(digest=_digest(text), expires_at=clock.real_now() + CHALLENGE_LIFE))
    return text


@action
def spend_challenge(*, challenge: str) -> None:
    """The text is good for nothing more, whatever was signed. Raises ProofRefused."""
    if len(challenge) > LONGEST:
        raise ProofRefused
    asked = DeviceChallenge.objects.filter(digest=_digest(challenge))
    deleted, _ = asked.filter(expires_at__gt=clock.real_now()).delete()  # of any number, one
    if not deleted:
        raise ProofRefused


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
