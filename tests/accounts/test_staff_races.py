"""Administrators who send each other home at once, and one code from several sides.

On PostgreSQL with real threads.
"""

import functools

import pytest

from accounts.actions.leave_service import end_service
from accounts.actions.second_factor import spend_code
from accounts.codes import code_at
from accounts.models import Role, Staff
from common import clock
from common.locking import without_guard
from tests import make
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20


def send_each_other_home() -> int:
    """How many administrators are left of two."""
    one = make.staff(role=Role.ADMINISTRATOR)
    other = make.staff(hospital=one.hospital, role=Role.ADMINISTRATOR)
    race(
        [
            functools.partial(end_service, staff_id=other.pk, by=one),
            functools.partial(end_service, staff_id=one.pk, by=other),
        ]
    )
    return Staff.objects.of_hospital(one.hospital_id).working().administrators().count()


def test_one_of_two_administrators_is_left() -> None:
    assert send_each_other_home() == 1


def test_without_locks_nobody_is_left() -> None:
    """The twin: each looks before the other has gone."""

    def goes_wrong() -> bool:
        with without_guard("locks"):
            return send_each_other_home() == 0

    assert any(goes_wrong() for _ in range(TRIES))


def times_a_code_opens() -> int:
    """Of six who have seen the same code."""
    cashier = make.staff()
    code = code_at(make.second_factor(cashier).secret, clock.real_now())
    outcomes = race([functools.partial(spend_code, staff=cashier, code=code)] * 6)
    return sum(not isinstance(outcome, Exception) for outcome in outcomes)


def test_a_code_opens_for_one_of_six() -> None:
    assert times_a_code_opens() == 1


def test_a_code_that_is_looked_at_and_then_spent_opens_for_several() -> None:
    """The twin, without the conditional update."""

    def goes_wrong() -> bool:
        with without_guard("claims"):
            return times_a_code_opens() > 1

    assert any(goes_wrong() for _ in range(TRIES))
