"""The clock that everybody on the stage reads, and the jumps of the day."""

import json
import os
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = 4


@dataclass
class Pace:
    """Writes the file; `speed` shown seconds pass in one real second."""

    file: Path
    speed: float
    _real_epoch: float = 0.0
    _shown_epoch: float = 0.0

    def set(self, at: datetime) -> None:
        """From now on it is `at`. The file is replaced whole, so nobody reads half of it."""
        self._real_epoch, self._shown_epoch = time.time(), at.timestamp()
        told = {
            "real_epoch": self._real_epoch,
            "shown_epoch": self._shown_epoch,
            "speed": self.speed,
        }
        fresh = self.file.with_name(self.file.name + ".fresh")
        fresh.write_text(json.dumps(told), encoding="ascii")
        os.replace(fresh, self.file)

    def now(self) -> datetime:
        """What everybody's clock shows."""
        passed = (time.time() - self._real_epoch) * self.speed
        return datetime.fromtimestamp(self._shown_epoch + passed, tz=ZONE)

    def go(self, speed: float) -> None:
        """From now on time passes so fast."""
        now = self.now()
        self.speed = speed
        self.set(now)

    def jump_to(self, at: datetime) -> None:
        """Never backwards: where it is later already, nothing changes."""
        if at > self.now():
            self.set(at)


def day_to_play(today: date) -> date:
    """The first Tuesday to Friday after tomorrow: a day of work with one before it."""
    day = today + timedelta(days=2)
    while not 0 < day.weekday() <= FRIDAY:
        day += timedelta(days=1)
    return day


def at(day: date, hour: int, minute: int = 0) -> datetime:  # noqa: PLR0917 - reads as a time
    """A time on the hospital's wall."""
    return datetime.combine(day, wall_time(hour, minute), tzinfo=ZONE)
