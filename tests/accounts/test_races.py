"""Twin logins, twin uses of a ticket and parallel guesses, on PostgreSQL with real threads."""

import functools
from collections.abc import Sequence

import pytest

from accounts.actions.sign_in import MOST_TRIES, sign_in_by_wechat, sign_in_staff
from accounts.actions.ticket import make_ticket, use_ticket
from accounts.errors import SignInLocked, SignInRefused, TicketUnknown
from accounts.models import Account, OneTimeTicket, WeChatIdentity, WeChatPerson
from common.ids import new_id
from common.locking import without_guard
from tests import make
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20
WRONG = "Autumn-wind"


def troubles(outcomes: Sequence[object]) -> list[type[Exception]]:
    """The kinds of what was raised."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def use_at_once(times: int) -> Sequence[object]:
    """What becomes of one ticket used from several sides at once."""
    made = make_ticket(account=make.account(), use=OneTimeTicket.Use.WEB)
    use = functools.partial(use_ticket, ticket=made.ticket, use=OneTimeTicket.Use.WEB)
    return race([use] * times)


def test_twin_logins_share_one_account() -> None:
    outcomes = race([lambda: sign_in_by_wechat(app_id="wx1", openid="o1")] * 6)

    assert troubles(outcomes) == []
    assert len(set(outcomes)) == 1
    assert Account.objects.count() == WeChatIdentity.objects.count() == 1


def first_logins_at_once() -> set[object]:
    """The accounts of one WeChat person who comes first from three mini-programs at once."""
    unionid = str(new_id())
    logins = [
        functools.partial(
            sign_in_by_wechat, app_id=f"wx{n}", openid=f"{unionid}-{n}", unionid=unionid
        )
        for n in range(3)
    ]
    outcomes = race(logins)
    assert troubles(outcomes) == []
    return set(outcomes)


def test_first_logins_in_several_mini_programs_at_once_share_one_account() -> None:
    outcomes = [first_logins_at_once() for _ in range(3)]

    assert [len(accounts) for accounts in outcomes] == [1, 1, 1]
    assert Account.objects.count() == WeChatPerson.objects.count() == 3
    assert WeChatIdentity.objects.count() == 9


def test_without_the_claim_one_person_gets_several_accounts() -> None:
    """The twin: who only looks whether the person is known makes an account too many."""

    def goes_wrong() -> bool:
        with without_guard("claims"):
            return len(first_logins_at_once()) > 1

    assert any(goes_wrong() for _ in range(TRIES))


def test_of_six_uses_of_a_ticket_one_succeeds() -> None:
    outcomes = use_at_once(6)

    assert troubles(outcomes) == [TicketUnknown] * 5


def test_a_ticket_that_is_looked_at_and_then_spent_opens_twice() -> None:
    """The twin: without the conditional update, look-then-write lets several in."""

    def goes_wrong() -> bool:
        with without_guard("claims"):
            return len(troubles(use_at_once(6))) < 5

    assert any(goes_wrong() for _ in range(TRIES))


def test_of_many_parallel_guesses_five_are_looked_at() -> None:
    name = make.staff().account.username or str(new_id())

    outcomes = race([lambda: sign_in_staff(username=name, password=WRONG)] * 20)

    assert set(troubles(outcomes)) == {SignInRefused, SignInLocked}
    assert troubles(outcomes).count(SignInRefused) <= MOST_TRIES
