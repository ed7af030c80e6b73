"""What opens a door once, and the tries that did not."""

from typing import ClassVar

from django.db import models

from accounts.models.account import Account
from common.models import Row


class SignInTry(Row):
    """A password that is being looked at, or was wrong. A right one takes its tries away.

    Written before the password is checked, so that parallel guesses count each other. Names that
    nobody has are counted alike: nobody learns which exist.
    """

    username_index = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["username_index", "at"], name="tries_by_name")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OneTimeTicket(Row):
    """Opens one thing once, within seconds: a web view's session, or a websocket.

    Only its digest is kept. Real time, not the rules' clock.
    """

    class Use(models.TextChoices):
        """What it opens."""

        WEB = "web", "web view"
        SOCKET = "socket", "websocket"

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    use = models.CharField(max_length=10, choices=Use.choices)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of 32 random bytes
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    login_id = models.UUIDField(null=True)  # the token or session that asked for it

    def __str__(self) -> str:
        return str(self.pk)
