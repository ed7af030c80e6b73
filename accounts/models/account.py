"""Who can be logged in, and the WeChat identities behind an account."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from common.ids import new_id
from common.models import Row

if TYPE_CHECKING:
    from accounts.models.staff import Staff


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account that signs in with this name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who can be logged in: by WeChat (no name or password), or as staff."""

    LOCK_KIND = "account"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001 - WeChat accounts have none
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = AccountManager()

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def staff_row(self) -> "Staff | None":
        """The staff member whose account this is; a token's query has joined it already."""
        return getattr(self, "staff", None)

    def has_perm(self, _perm: str, _obj: Any = None) -> bool:
        """Nobody works through Django's own permissions."""
        return False

    def has_module_perms(self, _app: str) -> bool:
        """Nobody works through Django's own permissions."""
        return False


class WeChatIdentity(Row):
    """An account as one mini-program knows it. Belongs to the deployment."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    app_id = models.CharField(max_length=32)
    openid = models.CharField(max_length=64)
    unionid = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app_id", "openid"], name="one_account_per_openid")
        ]

    def __str__(self) -> str:
        return str(self.pk)
