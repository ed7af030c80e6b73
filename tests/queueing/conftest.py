"""Ten past eight: check-in for the half past eight clinic is open."""

from datetime import timedelta

import pytest

from common import clock


@pytest.fixture(autouse=True)
def open_doors(frozen_clock: None) -> None:
    """On time for a slot at half past."""
    clock.shift(timedelta(minutes=10))
