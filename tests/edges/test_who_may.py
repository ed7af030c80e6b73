"""Every address, asked by everybody: the answers are those of `who_may.md`."""

import pytest
from django.core.cache import cache

from tests.edges.addresses import EVERY, Address, named
from tests.edges.askers import Askers
from tests.edges.conftest import World
from tests.edges.test_every_address import bodies
from tests.edges.who_may import Asking, methods_of, name_of, written

pytestmark = pytest.mark.django_db
TABLE = written()
NOT_YET_OPEN = {  # this hospital has no sign-in service of its own; nobody closes an account
    "`POST /api/v1/me/closing/undo`",
    *(
        f"`{method} /staff/sign-in/with/{{code}}/{rest}`"
        for method in ("GET", "POST")
        for rest in ("", "back/")
    ),
}


@pytest.fixture(scope="module")
def everybody(morning: World) -> Askers:
    """Signed in before the first test."""
    return Askers(morning)


@pytest.fixture
def askers(everybody: Askers, world: World) -> Askers:
    """As they were, each test with fresh counts of requests."""
    cache.clear()
    return everybody


def test_the_table_has_every_address_and_no_other() -> None:
    asked = {name_of(one, method) for one in EVERY for method in methods_of(one)}

    assert asked - set(TABLE) == set(), "not in the table"
    assert set(TABLE) - asked == set(), "no such address any more"


@pytest.mark.parametrize("address", **named(EVERY))
def test_everybody_is_answered_as_the_table_says(askers: Askers, address: Address) -> None:
    for method in methods_of(address):
        asking = Asking(askers, address, method, body=bodies(askers.world).get(address.route, {}))
        expected = TABLE[name_of(address, method)]

        answered = asking.row(expected.about)

        assert str(answered) == str(expected)
        assert asking.told == [], f"{expected.asked} tells or changes what it must not"


def test_every_door_that_is_not_for_programs_lets_somebody_in() -> None:
    shut = {name for name, row in TABLE.items() if row.about != "programs" and not row.lets_in}

    assert shut == NOT_YET_OPEN
