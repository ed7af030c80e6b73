"""Ending one's own ways in: a phone that was lost, a browser one forgot to close."""

import logging
from uuid import UUID

from accounts.errors import LoginUnknown
from accounts.models import Account, PageSession, Token
from common.commands import action

log = logging.getLogger(__name__)


@action
def end_login(*, account: Account, login_id: UUID) -> UUID:
    """The token or session opens nothing more, nor do the web views that the token opened.

    Sockets that it opened close within seconds. Raises LoginUnknown.
    """
    tokens = Token.objects.filter(user=account, login_id=login_id)
    sessions = PageSession.objects.filter(account=account, login_id=login_id)
    ended, _ = tokens.delete()
    if not ended:
        ended, _ = sessions.delete()
    if not ended:
        raise LoginUnknown

    log.info("a login was ended", extra={"account_id": account.pk, "login_id": login_id})
    return login_id


@action
def end_other_logins(*, account: Account, keep: UUID) -> UUID:
    """Only the login that asks stays, with the token that opened it and the web views it opened."""
    sessions = PageSession.objects.filter(account=account)
    own = sessions.filter(login_id=keep).first()
    kept = {keep} if own is None or own.opened_by_id is None else {keep, own.opened_by_id}

    sessions.exclude(login_id=keep).exclude(opened_by__login_id=keep).delete()
    Token.objects.filter(user=account).exclude(login_id__in=kept).delete()
    log.info("other logins were ended", extra={"account_id": account.pk, "login_id": keep})
    return keep
