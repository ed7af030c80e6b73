"""Who asks: one joined query over the token table, whose library only issues and revokes."""

from typing import Any

from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from accounts.models import Account
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
            AuthToken.objects.select_related("user__staff__hospital")
            .filter(digest=hash_token(token), user__is_active=True)
            .first()
        )
        if found is None or (found.expiry is not None and found.expiry <= clock.real_now()):
            raise exceptions.AuthenticationFailed
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"


class PageAuthentication(SessionAuthentication):
    """The signed-in browser of a page, with CSRF protection."""
