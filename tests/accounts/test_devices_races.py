"""Parallel guesses and two people at one device, on PostgreSQL with real threads."""

import functools
from collections.abc import Sequence

import pytest

from accounts.actions.badge_in import Shown, sign_in_by_badge, take_pin_try
from accounts.errors import BadgeLocked, BadgeRefused, ProofRefused
from accounts.models import Badge, DeviceSession, Role, Staff
from common.locking import without_guard
from tests import make
from tests.accounts.tablet import Tablet, enrolled_tablet, nurse_with_badge
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20
WRONG = "507136"


@pytest.fixture
def administrator() -> Staff:
    """Who looks after the devices."""
    return make.staff(role=Role.ADMINISTRATOR)


def guesses(tablet: Tablet, *, times: int) -> list[Shown]:
    """Wrong PINs, each with a proof of its own."""
    return [tablet.shows("B-0417", WRONG) for _ in range(times)]


def tries_taken(badge: Badge, *, at_once: int) -> int:
    """How many of parallel guesses may have their PIN looked at."""
    Badge.objects.filter(pk=badge.pk).update(tries_left=5)
    take = functools.partial(take_pin_try, badge_id=badge.pk)
    return [type(one) for one in race([take] * at_once)].count(type(None))


def kinds(outcomes: Sequence[object]) -> list[type]:
    """What came of each."""
    return [type(one) for one in outcomes]


def test_of_parallel_guesses_five_are_looked_at_and_none_is_forgotten(
    administrator: Staff,
) -> None:
    tablet = enrolled_tablet(administrator)
    badge = nurse_with_badge(administrator)

    outcomes = race(
        [functools.partial(sign_in_by_badge, shown) for shown in guesses(tablet, times=9)]
    )

    assert sorted(kinds(outcomes), key=str) == [BadgeLocked] * 4 + [BadgeRefused] * 5
    assert Badge.objects.get(pk=badge.pk).is_locked


def test_without_its_guard_more_than_five_are_looked_at(administrator: Staff) -> None:
    """The twin: a count that is looked at and then written lets surplus guesses through."""
    badge = nurse_with_badge(administrator)

    def goes_wrong() -> bool:
        with without_guard("claims"):
            return tries_taken(badge, at_once=9) > 5

    assert tries_taken(badge, at_once=9) == 5
    assert any(goes_wrong() for _ in range(TRIES))


def test_of_six_who_show_the_same_proof_one_is_let_in(administrator: Staff) -> None:
    tablet = enrolled_tablet(administrator)
    nurse_with_badge(administrator)
    seen = tablet.shows("B-0417")

    outcomes = race([functools.partial(sign_in_by_badge, seen)] * 6)

    assert sorted(kinds(outcomes), key=str) == [ProofRefused] * 5 + [DeviceSession]


def test_of_two_badges_at_once_the_later_one_works_there(administrator: Staff) -> None:
    tablet = enrolled_tablet(administrator)
    numbers = [f"B-{number}" for number in range(4)]
    for number in numbers:
        nurse_with_badge(administrator, number=number)

    outcomes = race(
        [functools.partial(sign_in_by_badge, tablet.shows(number)) for number in numbers]
    )

    assert kinds(outcomes) == [DeviceSession] * 4
    assert DeviceSession.objects.open().count() == 1
