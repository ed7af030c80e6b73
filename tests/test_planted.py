"""Each stateful test finds a bug that was planted on purpose, in a copy of the house.

The copy always runs on SQLite. Minutes long, they belong to the longer run, with the races.
"""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.planted import told_by

PLANTED = {
    "tests/booking/planted/a_cancelled_place_is_not_given_back.patch": (
        "tests/booking/test_stateful.py",
        "state.cancel",
    ),
    "tests/payments/planted/second_payment_is_forgotten.patch": (
        "tests/payments/test_stateful.py",
        "equation.held_fen + equation.kept_fen == left",
    ),
    "tests/visits/planted/every_unjoined_chart_is_ones_own.patch": (
        "tests/visits/test_stateful.py",
        "state.read(",
    ),
    "tests/queueing/planted/called_in_the_order_of_coming.patch": (
        "tests/queueing/test_any_order.py",
        "state.is_called",
    ),
}


@pytest.mark.pg
@pytest.mark.parametrize("patch", sorted(PLANTED), ids=lambda path: Path(path).stem)
def test_the_stateful_test_finds_a_planted_bug(patch: str, tmp_path: Path) -> None:
    stateful, trace = PLANTED[patch]

    told = told_by(stateful, patch=ROOT / patch, in_folder=tmp_path)

    assert told.returncode == 1, told.stdout
    assert "AssertionError" in told.stdout
    assert trace in told.stdout


def test_every_planted_bug_is_looked_for() -> None:
    kept = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/*/planted/*.patch")}

    assert kept == set(PLANTED)
