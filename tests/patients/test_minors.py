"""The birthdays at which something changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.minors import are_results_private, fourteenth_birthday, is_under_14

BORN = date(2012, 6, 2)


@pytest.mark.parametrize(
    ("on", "under_14", "private"),
    [
        (date(2026, 6, 1), True, False),
        (date(2026, 6, 2), False, True),
        (date(2030, 6, 1), False, True),
        (date(2030, 6, 2), False, False),
    ],
)
def test_the_birthday_itself_changes_the_answer(
    on: date, under_14: object, private: object
) -> None:
    assert (is_under_14(BORN, on), are_results_private(BORN, on)) == (under_14, private)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2080, 1, 1)))
def test_until_the_fourteenth_birthday_a_child_has_a_guardian(born_on: date) -> None:
    day = fourteenth_birthday(born_on)

    assert not is_under_14(born_on, day)
    assert are_results_private(born_on, day)
    assert is_under_14(born_on, date.fromordinal(day.toordinal() - 1))


def test_born_on_a_leap_day_one_is_fourteen_on_the_first_of_march() -> None:
    assert fourteenth_birthday(date(2012, 2, 29)) == date(2026, 3, 1)
