"""`.ci/run` stops at the first step that fails, and counts who used the real files."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.processes import ROOT

TARGETS = ("services", "test", "check", "test-pg", "test-browser", "rehearse")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project whose every target succeeds and whose tests used two real files."""
    project = tmp_path / "project"
    (project / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", project / ".ci")
    lines = [f"{target}:\n\t@echo did {target}\n" for target in TARGETS]
    (project / "Makefile").write_text("".join(lines), encoding="utf-8")
    say_used(project, 2)
    return project


def say_used(project: Path, used: int) -> None:
    """Let `make test` report how many tests used the real files."""
    change(project, "test", f"echo 'tests that used ../shared/data: {used}'")


def change(project: Path, target: str, recipe: str) -> None:
    """Give a target another recipe."""
    file = project / "Makefile"
    before, _, after = file.read_text(encoding="utf-8").partition(f"{target}:\n\t@")
    _, _, rest = after.partition("\n")
    file.write_text(f"{before}{target}:\n\t@{recipe}\n{rest}", encoding="utf-8")


def run(project: Path) -> subprocess.CompletedProcess[str]:
    """The whole of it."""
    return subprocess.run(  # noqa: S603 - our own script
        [project / ".ci" / "run"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def results(ended: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The table at the end: step and result."""
    table = ended.stdout.rpartition("seconds  result\n")[2].splitlines()
    return {line[:28].strip(): line[38:].strip() for line in table}


def test_every_step_is_in_the_table(checkout: Path) -> None:
    ended = run(checkout)

    assert ended.returncode == 0, ended.stderr
    assert list(results(ended)) == [
        "services",
        "make test",
        "make check",
        "make test-pg",
        "make test-browser",
        "rehearsal",
        "real data",
        "in all",
    ]
    assert set(results(ended).values()) == {"ok"}


def test_the_first_failure_is_the_last_step(checkout: Path) -> None:
    change(checkout, "check", "exit 3")

    ended = run(checkout)

    assert ended.returncode == 1
    assert results(ended) == {
        "services": "ok",
        "make test": "ok",
        "make check": "FAILED (2)",
        "in all": "FAILED",
    }


def test_real_files_that_nobody_used_are_a_failure(checkout: Path) -> None:
    say_used(checkout, 0)
    (checkout.parent / "shared" / "data").mkdir(parents=True)

    ended = run(checkout)

    assert ended.returncode == 1
    assert results(ended)["real data"] == "FAILED (1)"


def test_where_there_are_no_real_files_nobody_can_use_them(checkout: Path) -> None:
    say_used(checkout, 0)

    assert run(checkout).returncode == 0
