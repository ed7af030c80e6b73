"""The ways in that are open (登录): a program's token, a browser's session.

Who a request is from is one row of one of these, joined with the account and the staff member.
Its owner sees and ends each of them; what was ended is deleted, and opens nothing more.
"""

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from knox.models import AbstractAuthToken, AuthTokenManager

from accounts.models.account import Account
from common import clock
from common.ids import new_id


class System(models.TextChoices):
    """On what it was opened, as the browser says; the address is not kept."""

    ANDROID = "android", "安卓设备"
    IOS = "ios", "苹果手机或平板"
    HARMONY = "harmony", "鸿蒙设备"
    WINDOWS = "windows", "Windows 电脑"
    MAC = "mac", "苹果电脑"
    LINUX = "linux", "Linux 电脑"
    OTHER = "other", "其他设备"


class Login(models.Model):
    """What a token and a session have in common. `login_id` is no secret; real time."""

    login_id = models.UUIDField(unique=True, default=new_id, editable=False)
    system = models.CharField(max_length=10, choices=System.choices, default=System.OTHER)
    made_at = models.DateTimeField(default=clock.real_now)
    used_at = models.DateTimeField(default=clock.real_hour)  # to the hour

    class Meta:
        abstract = True

    def note_use(self) -> None:
        """Let `used_at` be this hour: a write an hour, not one a request."""
        hour = clock.real_hour()
        if self.used_at < hour:
            self.used_at = hour
            type(self)._default_manager.filter(login_id=self.login_id).update(used_at=hour)


class TokenManager(AuthTokenManager, models.Manager["Token"]):  # type: ignore[misc]  # knox has no types
    """Knox's: `create` answers the row and the token, which is nowhere else."""


class Token(AbstractAuthToken, Login):  # type: ignore[misc]  # knox has no types
    """What a program shows in `Authorization: Token …`. Knox makes it, and keeps its digest."""

    objects: ClassVar[TokenManager] = TokenManager()

    def __str__(self) -> str:
        return str(self.login_id)


class PageSession(AbstractBaseSession, Login):
    """A browser's session, of nobody until somebody signs in.

    The web view's falls with the token of the shell that opened it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    opened_by = models.ForeignKey(Token, on_delete=models.CASCADE, null=True, to_field="login_id")

    def __str__(self) -> str:
        return str(self.login_id)
