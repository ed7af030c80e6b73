"""One-time tickets: a secret that opens one thing once, within seconds of real time."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.errors import TicketUnknown
from accounts.logins import still_open
from accounts.models import Account, OneTimeTicket
from common import clock
from common.commands import action, write

LIFE = {
    OneTimeTicket.Use.WEB: timedelta(seconds=60),
    OneTimeTicket.Use.SOCKET: timedelta(seconds=30),
}
KEPT = timedelta(hours=1)  # an account's old tickets go when it makes a new one
LONGEST = 100


@dataclass(frozen=True)
class MadeTicket:
    """The secret, which is nowhere else, and until when it opens anything."""

    ticket: str
    expires_at: datetime


@action
def make_ticket(
    *, account: Account, use: OneTimeTicket.Use, login_id: UUID | None = None
) -> MadeTicket:
    """A fresh ticket of the account; we keep its digest alone.

    What it opens falls with the login that asked for it.
    """
    now = clock.real_now()
    OneTimeTicket.objects.filter(account=account, expires_at__lt=now - KEPT).delete()
    secret = secrets.token_urlsafe(32)
    expires_at = now + LIFE[use]

    write(
        OneTimeTicket(
            account=account,
            use=use,
            digest=_digest(secret),
            expires_at=expires_at,
            login_id=login_id,
        )
    )
    return MadeTicket(ticket=secret, expires_at=expires_at)


@action
def use_ticket(*, ticket: str, use: str) -> OneTimeTicket:
    """Spend the ticket; of any number who try, one succeeds. Raises TicketUnknown."""
    if len(ticket) > LONGEST:
        raise TicketUnknown
    now = clock.real_now()
    fitting = OneTimeTicket.objects.filter(digest=_digest(ticket), use=use, expires_at__gt=now)
    if not fitting.filter(used_at=None).take(used_at=now):
        raise TicketUnknown

    spent = fitting.select_related("account").get()
    if not spent.account.is_active:
        raise TicketUnknown
    if spent.login_id is not None and not still_open([spent.login_id]):
        raise TicketUnknown
    return spent


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
