"""What opens nothing any more is deleted, and nothing else."""

from datetime import timedelta

import pytest

from accounts.actions.forget import forget_what_is_over
from accounts.actions.sign_in import issue_token, note_try
from accounts.actions.ticket import make_ticket
from accounts.models import OneTimeTicket, PageSession, SignInTry, Token
from accounts.sessions import SessionStore
from common import clock
from tests import make

pytestmark = pytest.mark.django_db


def leave_one_of_each() -> None:
    """A session, a token, a ticket and a try."""
    SessionStore().save()
    account = make.account()
    issue_token(account=account)
    make_ticket(account=account, use=OneTimeTicket.Use.WEB)
    note_try(username_index="x" * 64)


def left() -> list[int]:
    """How many sessions, tokens, tickets and tries there are."""
    return [
        PageSession.objects.count(),
        Token.objects.count(),
        OneTimeTicket.objects.count(),
        SignInTry.objects.count(),
    ]


def test_what_still_counts_is_kept() -> None:
    leave_one_of_each()

    assert forget_what_is_over() == 0
    assert left() == [1, 1, 1, 1]


def test_what_is_over_goes() -> None:
    leave_one_of_each()
    over = clock.real_now() - timedelta(hours=2)
    PageSession.objects.update(expire_date=over)
    Token.objects.update(expiry=over)
    OneTimeTicket.objects.update(expires_at=over)
    clock.shift(timedelta(days=1, seconds=1))

    assert forget_what_is_over() == 4
    assert left() == [0, 0, 0, 0]
    assert forget_what_is_over() == 0
