"""The house's habits, read from its source. Each check is shown to be able to fail."""

import pytest

from tests.architecture.source import (
    Checker,
    Source,
    complaints,
    environment_read,
    migration_imports,
    own_code_patched,
    power_outside_common,
    status_outside_move_to,
    too_long,
    without_purpose,
)

CHECKERS = [
    environment_read,
    migration_imports,
    own_code_patched,
    power_outside_common,
    status_outside_move_to,
    too_long,
    without_purpose,
]
LONG_FUNCTION = "def book() -> None:\n" + "    pass\n" * 41
PLANTED = [
    (environment_read, "booking/models.py", "import os\nx = os.environ['X']\n"),
    (migration_imports, "booking/migrations/0002_x.py", "from config.settings import base\n"),
    (migration_imports, "booking/migrations/0002_x.py", "import common.models\n"),
    (own_code_patched, "tests/test_x.py", "import time\ntime.sleep(1)\n"),
    (own_code_patched, "tests/test_x.py", "from unittest.mock import patch\n"),
    (
        own_code_patched,
        "tests/test_x.py",
        "def t(monkeypatch):\n    monkeypatch.setattr(a, 'b', 1)\n",
    ),
    (power_outside_common, "booking/models.py", "rows.select_for_update()\n"),
    (
        power_outside_common,
        "booking/models.py",
        "from django.db.transaction import on_commit\non_commit(f)\n",
    ),
    (status_outside_move_to, "booking/actions/book.py", "a.status = 'BOOKED'\n"),
    (status_outside_move_to, "booking/actions/book.py", "rows.filter(pk=1).update(status='X')\n"),
    (status_outside_move_to, "booking/models.py", "def move(self):\n    self.status = 'X'\n"),
    (too_long, "booking/models.py", "x = 1\n" * 401),
    (too_long, "booking/actions/book.py", LONG_FUNCTION),
    (without_purpose, "booking/services.py", ""),
]
ALLOWED = [
    (environment_read, "config/env.py", "import os\nx = os.environ['X']\n"),
    (migration_imports, "booking/migrations/0001_x.py", "import common.fields\n"),
    (power_outside_common, "common/locking.py", "rows.select_for_update()\n"),
    (status_outside_move_to, "booking/models.py", "def move_to(self, s):\n    self.status = s\n"),
    (status_outside_move_to, "booking/actions/book.py", "if a.status == 'BOOKED':\n    pass\n"),
    (too_long, "tests/test_x.py", "x = 1\n" * 401),
]


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.__name__)
def test_the_house_keeps_its_habits(checker: Checker) -> None:
    assert complaints(checker) == []


@pytest.mark.parametrize(("checker", "path", "text"), PLANTED)
def test_a_planted_breach_is_found(checker: Checker, path: str, text: str) -> None:
    assert len(list(checker(Source(path=path, text=text)))) == 1


@pytest.mark.parametrize(("checker", "path", "text"), ALLOWED)
def test_what_is_allowed_is_left_alone(checker: Checker, path: str, text: str) -> None:
    assert list(checker(Source(path=path, text=text))) == []
