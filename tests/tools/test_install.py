"""Setting up says in one sentence what a bare machine lacks."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.processes import ROOT


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A checkout beside a python3 that came without its venv module."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "install.sh", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python3"
    python.write_text("#!/bin/sh\nmkdir -p .venv\necho 'No module named venv'\nexit 1\n")
    python.chmod(0o755)
    return tmp_path


def test_a_machine_without_venv_is_told_what_to_install(bare_machine: Path) -> None:
    ended = subprocess.run(  # noqa: S603 - our own script
        [bare_machine / "tools" / "install.sh"],
        env={"PATH": f"{bare_machine / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "Python's venv module is missing: install it first (Debian: apt-get install python3-venv)."
    )
    assert not (bare_machine / ".venv").exists()
