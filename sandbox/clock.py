"""Two times: the real one, and the one shown to rules, which a file may speed up."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))  # WeChat writes every time with +08:00


class Clock:
    """Tells the real time and the shown time, in seconds since the epoch.

    The file holds {"real_epoch", "shown_epoch", "speed"}. A file that is missing, or is read
    while it is half written, leaves the last good reading in force.
    """

    def __init__(self, *, file: Path | None = None, real: Callable[[], float] = time.time) -> None:
        self._file = file
        self._real = real
        self._mark: tuple[int, int, int] | None = None
        self._real_epoch = 0.0
        self._shown_epoch = 0.0
        self._speed = 1.0

    def real(self) -> float:
        """Seconds since the epoch, as the machine has them."""
        return self._real()

    def shown(self) -> float:
        """Seconds since the epoch, as the rehearsal shows them."""
        self._look_at_file()
        return self._shown_epoch + (self._real() - self._real_epoch) * self._speed

    def _look_at_file(self) -> None:
        if self._file is None:
            return
        try:
            seen = self._file.stat()
            mark = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            if mark == self._mark:
                return
            reading = json.loads(self._file.read_text(encoding="utf-8"))
            epochs = (float(reading["real_epoch"]), float(reading["shown_epoch"]))
            speed = float(reading["speed"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._mark = mark
        self._real_epoch, self._shown_epoch = epochs
        self._speed = speed


def rfc3339(epoch: float) -> str:
    """The moment as WeChat Pay writes it: 2026-01-31T08:00:00+08:00."""
    return datetime.fromtimestamp(epoch, tz=CHINA).isoformat(timespec="seconds")


def from_rfc3339(text: str) -> float:
    """Seconds since the epoch. Raises ValueError, also when the offset is missing."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.timestamp()


def china_date(epoch: float) -> str:
    """The day in China on which the moment falls, as 2026-01-31."""
    return datetime.fromtimestamp(epoch, tz=CHINA).date().isoformat()
