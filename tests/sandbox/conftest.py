"""One set of keys for the session; a fresh sandbox for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.keys import make_keys
from tests.sandbox.outside import Sandbox, Stranger


@pytest.fixture(scope="session")
def keys_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that `keys` has been run in."""
    home = tmp_path_factory.mktemp("keys")
    make_keys(home=home, port=8790, product="http://127.0.0.1:8000")
    return home


@pytest.fixture
def product() -> Iterator[Stranger]:
    """Stands where the product would be: takes notices, answers the shell."""
    stranger = Stranger()
    yield stranger
    stranger.stop()


@pytest.fixture
def sandbox(keys_home: Path, product: Stranger, tmp_path: Path) -> Iterator[Sandbox]:
    """A running sandbox that knows nothing yet."""
    home = tmp_path / "sandbox"
    shutil.copytree(keys_home, home)
    server = Sandbox(home, product.url)
    yield server
    server.stop()
