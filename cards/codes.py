"""What the virtual card shows: a card, a use and a moment, signed; nothing of the person.

Five parts in capital letters and digits, which make the smallest QR code: `ZC` and version, the
card's key, the use, the second of real time with 50 random bits, and the signature: the first
128 bits of an HMAC-SM3 under a key of its own. Made without writing anything; read once.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cards.errors import CodeOver, CodeUnreadable
from cards.models import Use
from common.crypto import blind_index

MARK = "ZC1"
LIFE = timedelta(seconds=60)
FRESH_AFTER_SECONDS = 30  # the phone shows another code so often
CLOCK_SKEW = timedelta(seconds=5)  # between two of our own servers
LONGEST = 200
PARTS = 6
COLUMN = "card.code"
USES = {use: f"{number}" for number, use in enumerate(Use)}


@dataclass(frozen=True)
class CardCode:
    """A code that was truly ours."""

    card_id: UUID
    use: Use
    made_at: datetime
    draw: str


def is_code(text: str) -> bool:
    """Whether a reader has read a code of ours, not a number."""
    return text.strip().upper().startswith(f"{MARK}.")


def write_code(card_id: UUID, *, use: Use, now: datetime) -> str:
    """A fresh code; `now` is real time."""
    draw = base64.b32encode(secrets.token_bytes(10)).decode()
    signed = ".".join([MARK, card_id.hex.upper(), USES[use], f"{int(now.timestamp()):X}", draw])
    return f"{signed}.{_signature(signed)}"


def read_code(text: str, *, now: datetime) -> CardCode:
    """The card, the use and the moment of a code; `now` is real time.

    Raises CodeUnreadable for what we did not write, CodeOver after 60 seconds.
    """
    told = text.strip().upper()
    parts = told.split(".")
    if len(told) > LONGEST or not told.isascii() or len(parts) != PARTS or parts[0] != MARK:
        raise CodeUnreadable
    signed, _, signature = told.rpartition(".")
    if not hmac.compare_digest(_signature(signed), signature):
        raise CodeUnreadable
    _, card, use, second, draw, _ = parts
    made_at = datetime.fromtimestamp(int(second, 16), tz=UTC)
    if not made_at - CLOCK_SKEW <= now < made_at + LIFE:
        raise CodeOver
    by_number = {number: one for one, number in USES.items()}
    return CardCode(card_id=UUID(card), use=Use(by_number[use]), made_at=made_at, draw=draw)


def _signature(signed: str) -> str:
    return blind_index(COLUMN, signed)[:32].upper()
