"""What every test may count on."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from common import clock
from tests.conftest import MORNING, SHARED_DATA
from tools.processes import ROOT

PROBE = """
import pytest
def test_reads_real_files(shared_data): assert shared_data.is_dir()
def test_reads_none(): pass
@pytest.mark.pg
def test_needs_postgresql(): raise AssertionError("ran on SQLite")
"""


def test_the_clock_stands_still_until_it_is_moved() -> None:
    assert clock.now() == MORNING

    clock.shift(timedelta(minutes=5))

    assert clock.now() == MORNING + timedelta(minutes=5)


def test_nothing_but_loopback_can_be_reached() -> None:
    with pytest.raises(UserWarning, match=r"192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_stateful_tests_run_as_often_as_agreed() -> None:
    assert (settings.get_profile("ci").max_examples, settings.get_profile("long").max_examples) == (
        50,
        200,
    )
    assert settings.get_profile("ci").stateful_step_count == 20
    assert settings.get_profile("long").stateful_step_count == 30


def test_a_run_counts_who_used_the_real_files_and_says_who_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "test_probe.py").write_text(PROBE)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    command = ["-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-rs"]

    ended = subprocess.run(  # noqa: S603 - pytest on a file of our own
        [sys.executable, *command, "-n", "1", str(tmp_path)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    used = int(SHARED_DATA.is_dir())
    assert f"tests that used ../shared/data: {used}\n" in ended.stdout
    assert "needs PostgreSQL: make test-pg" in ended.stdout
    assert ended.returncode == 0
