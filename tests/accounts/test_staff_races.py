"""Two administrators who send each other home at once, on PostgreSQL with real threads."""

import functools

import pytest

from accounts.actions.leave_service import end_service
from accounts.models import Role, Staff
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
