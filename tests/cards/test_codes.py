"""What the phone shows: ours, fresh, for one use; anything else is refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.codes import LIFE, is_code, read_code, write_code
from cards.errors import CodeOver, CodeUnreadable
from cards.models import Use
from common.errors import DomainError

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@given(card=st.uuids(), use=st.sampled_from(list(Use)), late=st.integers(0, 59))
def test_a_code_says_what_was_written_for_sixty_seconds(card: UUID, use: Use, late: int) -> None:
    code = write_code(card, use=use, now=NOW)

    told = read_code(f" {code.lower()}\n", now=NOW + timedelta(seconds=late))

    assert (told.card_id, told.use, told.made_at) == (card, use, NOW)
    assert is_code(code)


@pytest.mark.parametrize("away", [LIFE, timedelta(days=1), timedelta(seconds=-6)])
def test_an_old_or_a_future_code_is_over(away: timedelta) -> None:
    code = write_code(uuid4(), use=Use.DOOR, now=NOW)

    with pytest.raises(CodeOver):
        read_code(code, now=NOW + away)


@given(place=st.integers(0, 10_000), sign=st.characters())
def test_one_changed_sign_makes_it_nobodys(place: int, sign: str) -> None:
    code = write_code(UUID(int=7), use=Use.CHECK_IN, now=NOW)
    at = place % len(code)
    changed = code[:at] + sign + code[at + 1 :]

    if changed.strip().upper() != code:
        with pytest.raises(CodeUnreadable):
            read_code(changed, now=NOW)


@given(text=st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_reader(text: str) -> None:
    with pytest.raises(DomainError):
        read_code(text, now=NOW)


def test_two_codes_of_one_second_are_two() -> None:
    card = uuid4()

    assert write_code(card, use=Use.DOOR, now=NOW) != write_code(card, use=Use.DOOR, now=NOW)
