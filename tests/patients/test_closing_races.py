"""One account, closed from two phones at the same moment, on PostgreSQL with real threads."""

import pytest
from django.db import IntegrityError

from common.locking import without_guard
from patients.actions.close_account import ask_to_close_account
from patients.models import AccountClosing
from tests import make
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20


def asked_at_once() -> list[object]:
    """What becomes of four phones that ask to close one account."""
    account = make.account()
    return list(race([lambda: ask_to_close_account(account=account, confirmation="注销")] * 4))


def test_four_phones_that_close_one_account_share_one_closing() -> None:
    outcomes = asked_at_once()

    assert len({getattr(one, "pk", one) for one in outcomes}) == 1
    assert AccountClosing.objects.count() == 1


def test_without_the_lock_they_meet_at_the_constraint() -> None:
    with without_guard("locks"):
        went_wrong = any(
            isinstance(one, IntegrityError) for _ in range(TRIES) for one in asked_at_once()
        )

    assert went_wrong
