"""One-time tickets open one thing once, within seconds."""

from datetime import timedelta

import pytest

from accounts.actions.ticket import LIFE, make_ticket, use_ticket
from accounts.errors import TicketUnknown
from accounts.models import Account, OneTimeTicket
from common import clock
from tests import make

pytestmark = pytest.mark.django_db
Use = OneTimeTicket.Use


def test_a_ticket_opens_once() -> None:
    account = make.account()
    made = make_ticket(account=account, use=Use.WEB)

    assert use_ticket(ticket=made.ticket, use=Use.WEB).account == account
    with pytest.raises(TicketUnknown):
        use_ticket(ticket=made.ticket, use=Use.WEB)


def test_a_ticket_for_a_page_opens_no_socket_and_is_not_spent_by_trying() -> None:
    made = make_ticket(account=make.account(), use=Use.WEB)

    with pytest.raises(TicketUnknown):
        use_ticket(ticket=made.ticket, use=Use.SOCKET)

    assert use_ticket(ticket=made.ticket, use=Use.WEB).used_at


@pytest.mark.parametrize(("use", "seconds"), [(Use.WEB, 60), (Use.SOCKET, 30)])
def test_a_ticket_lives_for_seconds_of_real_time(use: OneTimeTicket.Use, seconds: int) -> None:
    made = make_ticket(account=make.account(), use=use)

    left = made.expires_at - clock.real_now()

    assert timedelta(seconds=seconds - 5) < left <= timedelta(seconds=seconds) == LIFE[use]


def test_a_ticket_that_is_too_old_opens_nothing() -> None:
    made = make_ticket(account=make.account(), use=Use.SOCKET)
    OneTimeTicket.objects.update(expires_at=clock.real_now())

    with pytest.raises(TicketUnknown):
        use_ticket(ticket=made.ticket, use=Use.SOCKET)


def test_the_ticket_of_an_account_that_was_closed_opens_nothing() -> None:
    account = make.account()
    made = make_ticket(account=account, use=Use.WEB)
    Account.objects.filter(pk=account.pk).update(is_active=False)

    with pytest.raises(TicketUnknown):
        use_ticket(ticket=made.ticket, use=Use.WEB)


@pytest.mark.parametrize("ticket", ["", "x", "号" * 40, "\ud800", "x" * 101])
def test_nonsense_opens_nothing(ticket: str) -> None:
    with pytest.raises(TicketUnknown):
        use_ticket(ticket=ticket, use=Use.WEB)


def test_the_secret_is_kept_nowhere_and_old_tickets_go() -> None:
    account = make.account()
    make_ticket(account=account, use=Use.WEB)
    OneTimeTicket.objects.update(expires_at=clock.real_now() - timedelta(hours=2))

    made = make_ticket(account=account, use=Use.WEB)

    assert OneTimeTicket.objects.get().digest != made.ticket
