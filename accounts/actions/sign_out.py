"""Signing out."""

from knox.models import AuthToken

from accounts.models import Account
from common.commands import action


@action
def sign_out(*, account: Account, token: AuthToken | None) -> None:
    """The token opens nothing more. Other tokens of the account stay."""
    if token is not None:
        AuthToken.objects.filter(user=account, digest=token.digest).delete()
