"""The one clock of rules."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from common import clock

SHOWN = datetime(2026, 11, 23, 8, 0, tzinfo=clock.HOSPITAL_ZONE)


@pytest.fixture
def running() -> Iterator[None]:
    """Real time again."""
    with clock.freeze(None):
        yield


def test_a_frozen_clock_stands_and_is_moved_by_hand() -> None:
    before = clock.now()

    clock.shift(timedelta(minutes=5))

    assert clock.now() - before == timedelta(minutes=5)


@pytest.mark.usefixtures("running")
def test_a_running_clock_cannot_be_shifted() -> None:
    with pytest.raises(RuntimeError):
        clock.shift(timedelta(minutes=5))


@pytest.mark.usefixtures("running")
def test_a_rehearsals_clock_runs_as_its_file_says(tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "clock.json"
    now = time.time()
    file.write_text(
        json.dumps({"real_epoch": now - 10, "shown_epoch": SHOWN.timestamp(), "speed": 60})
    )
    settings.CLOCK_FILE = str(file)

    shown = clock.now()

    assert timedelta(minutes=10) <= shown - SHOWN < timedelta(minutes=11)
    assert abs(clock.real_now().timestamp() - now) < 10


def test_the_hospitals_day_is_not_greenwichs() -> None:
    clock.shift_to(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))

    assert clock.today().isoformat() == "2026-03-03"
