"""Who asks: one joined query over the tokens or the sessions, and none after it."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from knox.crypto import hash_token
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from accounts.models import Account, PageSession, Token
from accounts.models.session import Login
from accounts.sessions import SessionStore
from common import clock

LONGEST_TOKEN = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, for the mini-program's shell and other programs."""

    def authenticate(self, request: Request) -> tuple[Account, Any] | None:
        """The account and its token. Raises AuthenticationFailed for a token that is not valid."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token":
            return None
        if not token or len(token) > LONGEST_TOKEN or not token.isascii():
            raise exceptions.AuthenticationFailed
        found = (
            Token.objects.select_related("user__staff__hospital")
            .filter(digest=hash_token(token), user__is_active=True)
            .first()
        )
        if found is None or (found.expiry is not None and found.expiry <= clock.real_now()):
            raise exceptions.AuthenticationFailed
        found.note_use()
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"


class PageAuthentication(SessionAuthentication):
    """The signed-in browser of a page, with CSRF protection."""


class PageAccounts(AuthenticationMiddleware):
    """`request.user` of a page, from the one row that holds its session."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing is read until somebody asks who it is."""
        super().process_request(request)
        session = cast("SessionStore", request.session)
        session.user_agent = request.headers.get("User-Agent", "")
        request.user = cast("Account", SimpleLazyObject(lambda: account_of_session(session)))


def account_of_session(session: SessionStore) -> Account | AnonymousUser:
    """Whose browser it is. A session from before a change of password is ended."""
    signed_in = session.get(SESSION_KEY)
    row = session.row
    account = row.account if row else None
    if row is None or account is None or str(account.pk) != signed_in or not account.is_active:
        return AnonymousUser()
    told = session.get(HASH_SESSION_KEY, "")
    known = (account.get_session_auth_hash(), *account.get_session_auth_fallback_hash())
    if not any(constant_time_compare(told, one) for one in known):
        session.flush()
        return AnonymousUser()
    row.note_use()
    return account


def login_of(request: HttpRequest | Request) -> Login | None:
    """The token or the session by which this request is known."""
    token = getattr(request, "auth", None)
    if isinstance(token, Token):
        return token
    session = getattr(request, "session", None)
    row = getattr(session, "row", None)
    return row if isinstance(row, PageSession) else None


def login_id_of(request: HttpRequest | Request) -> UUID | None:
    """Its key."""
    login = login_of(request)
    return login.login_id if login else None
