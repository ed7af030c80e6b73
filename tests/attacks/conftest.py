"""The log that an operator would read."""

import pytest

from tests.attacks.attacker import Log, listening


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    """Empty at first."""
    return listening(caplog)
