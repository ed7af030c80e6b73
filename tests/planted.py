"""Plants a bug in a copy of the house and runs one test file there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

NOT_COPIED = shutil.ignore_patterns(
    ".*", "var", "staticfiles", "node_modules", "__pycache__", "docs", "bench"
)
PATIENCE_SECONDS = 900


def told_by(test_file: str, *, patch: Path, in_folder: Path) -> subprocess.CompletedProcess[str]:
    """What pytest says of `test_file` (from the house's root) with the patch applied."""
    house = in_folder / "house"
    shutil.copytree(ROOT, house, ignore=NOT_COPIED)
    subprocess.run(  # noqa: S603 - our own patch
        ["git", "apply", str(patch)],  # noqa: S607 - on every PATH
        cwd=house,
        check=True,
    )
    return subprocess.run(  # noqa: S603 - our own suite
        [sys.executable, "-m", "pytest", test_file, "-q", "-p", "no:cacheprovider"],
        cwd=house,
        env=_of_its_own(in_folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def _of_its_own(folder: Path) -> dict[str, str]:
    """The environment of a run of its own, on SQLite, with keys of its own."""
    ours = {"DATABASE_URL", "ZHENCHENG_TEST_DATABASE"}
    kept = {n: v for n, v in os.environ.items() if n not in ours and not n.startswith("PYTEST_")}
    return {**kept, "HYPOTHESIS_PROFILE": "planted", "ZHENCHENG_VAR": str(folder / "var")}
