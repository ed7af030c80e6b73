"""The one clock of rules and leases.

Real time in production. In rehearsal it may run faster, read by every process from one file
`{"real_epoch": s, "shown_epoch": s, "speed": n}`; tests freeze it. Signatures, tokens, tickets
and log times stay on real time: `real_now`.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

HOSPITAL_ZONE = ZoneInfo("Asia/Shanghai")  # one zone for all of China, whatever the machine's


@dataclass(frozen=True)
class _Pace:
    """How the shown time follows the real one."""

    real_epoch: float
    shown_epoch: float
    speed: float

    def shown(self, real: float) -> float:
        return self.shown_epoch + (real - self.real_epoch) * self.speed


class _State:
    frozen_at: datetime | None = None
    pace: _Pace | None = None
    pace_mtime_ns: int = -1


def now() -> datetime:
    """The time every rule goes by, aware, in UTC."""
    if _State.frozen_at is not None:
        return _State.frozen_at
    real = time.time()
    pace = _pace()
    return datetime.fromtimestamp(pace.shown(real) if pace else real, tz=UTC)


def real_now() -> datetime:
    """The wall clock, for signatures, tokens, tickets and logs."""
    return datetime.fromtimestamp(time.time(), tz=UTC)


def real_hour() -> datetime:
    """The hour of the wall clock that has begun, where nobody needs to know more exactly."""
    return real_now().replace(minute=0, second=0, microsecond=0)


def local(at: datetime) -> datetime:
    """The same moment on the hospital's wall."""
    return at.astimezone(HOSPITAL_ZONE)


def today() -> date:
    """The hospital's date now."""
    return local(now()).date()


def _pace() -> _Pace | None:
    if not settings.CLOCK_FILE:
        return None
    file = Path(settings.CLOCK_FILE)
    mtime_ns = file.stat().st_mtime_ns
    if mtime_ns != _State.pace_mtime_ns:
        _State.pace = _Pace(**json.loads(file.read_text()))
        _State.pace_mtime_ns = mtime_ns
    return _State.pace


@contextmanager
def freeze(at: datetime | None) -> Iterator[None]:
    """Stop the clock at `at`, or let it run where that is None; for tests alone."""
    before, _State.frozen_at = _State.frozen_at, at
    try:
        yield
    finally:
        _State.frozen_at = before


def shift(by: timedelta) -> datetime:
    """Move a frozen clock and return the new time; for tests alone."""
    if _State.frozen_at is None:
        raise RuntimeError("Only a frozen clock can be shifted.")
    _State.frozen_at += by
    return _State.frozen_at


def shift_to(at: datetime) -> datetime:
    """Set a frozen clock; for tests alone."""
    return shift(at - now())


def monotonic() -> float:
    """Seconds that only grow, for the age of what a process remembers."""
    return time.monotonic()
