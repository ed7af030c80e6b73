"""Every test of papers has a demonstration's key of this run, and an empty cache."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from papers.keys import make_demonstration_pair


@pytest.fixture(scope="session")
def seal_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demonstration's key and certificate."""
    folder = tmp_path_factory.mktemp("seal")
    make_demonstration_pair(key_file=folder / "key.pem", certificate_file=folder / "cert.pem")
    return folder


@pytest.fixture(autouse=True)
def seal(seal_folder: Path, settings: Settings) -> None:
    """Papers are sealed with the key of this run."""
    settings.PAPERS_SIGNING_KEY = seal_folder / "key.pem"
    settings.PAPERS_SIGNING_CERTIFICATE = seal_folder / "cert.pem"
    settings.PAPERS_RETIRED_CERTIFICATES = []
    settings.PAPERS_CHAIN_CERTIFICATES = []
    settings.PAPERS_EXTRA_FONTS = []
    settings.PAPERS_DEMONSTRATION_SEAL = True
    settings.PUBLIC_URL = "https://hospital.example"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Nobody has asked before."""
    cache.clear()
