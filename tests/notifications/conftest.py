"""The sandbox, and phones in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from sandbox.keys import make_keys
from tests.notifications.phones import Phone
from tests.sandbox.outside import Sandbox

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the keys of a registration."""
    home = tmp_path_factory.mktemp("registered")
    make_keys(home=home, port=8790, product=NOBODY)
    return home


@pytest.fixture
def outside(registered: Path, tmp_path: Path, settings: Settings) -> Iterator[Sandbox]:
    """A running sandbox that knows nothing yet, and that the product calls."""
    home = tmp_path / "outside"
    shutil.copytree(registered, home)
    server = Sandbox(home, NOBODY)
    settings.WECHAT_API_URL = server.url
    cache.clear()  # another sandbox's token
    yield server
    server.stop()


@pytest.fixture
def phone(db: None, outside: Sandbox) -> Phone:
    """Somebody with five credits."""
    return Phone.of_somebody(outside)


@pytest.fixture
def committed_phone(transactional_db: None, outside: Sandbox) -> Phone:
    """As `phone`, for other threads and processes to see."""
    return Phone.of_somebody(outside)
