"""Which PINs are too easy: what many would choose, and what stands on the badge or a birthday."""

import re
from datetime import datetime
from itertools import pairwise

PIN_DIGITS = 6
FEWEST_DIFFERENT = 3
SIX = re.compile(r"[0-9]{6}")


def is_too_easy(pin: str, *, known: tuple[str, ...] = ()) -> bool:
    """Whether the PIN is not six digits, or easily guessed; `known` is what others can read."""
    return (
        SIX.fullmatch(pin) is None
        or len(set(pin)) < FEWEST_DIFFERENT
        or _is_a_run(pin)
        or _repeats(pin)
        or _is_a_date(pin)
        or any(pin in text for text in known)
    )


def _is_a_run(pin: str) -> bool:
    """123456, 987654, 890123, 135791: each digit as far from the one before."""
    return len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1


def _repeats(pin: str) -> bool:
    """123123, 112233: one part twice, or each digit twice; 121212 has too few digits anyway."""
    return pin[:3] == pin[3:] or pin[::2] == pin[1::2]


def _is_a_date(pin: str) -> bool:
    """A day as year, month, day or the other way round: 850417, 170485."""
    return any(_reads_as(pin, form) for form in ("%y%m%d", "%d%m%y"))


def _reads_as(pin: str, form: str) -> bool:
    try:
        datetime.strptime(pin, form)  # noqa: DTZ007 - only whether it is a date
    except ValueError:
        return False
    return True
