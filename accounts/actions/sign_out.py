"""Signing out."""

from accounts.models import Account, Token
from common.commands import action


@action
def sign_out(*, account: Account, token: Token | None) -> None:
    """The token opens nothing more, nor do the web views it opened. Other tokens stay."""
    if token is not None:
        Token.objects.filter(user=account, digest=token.digest).delete()
