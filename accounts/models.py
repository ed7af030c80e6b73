"""Accounts of the deployment and the staff of its hospitals."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from common.fields import EncryptedTextField
from common.ids import new_id
from common.models import Row
from hospitals.models import Hospital


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account that signs in with this name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who can be logged in: by WeChat (no name or password), or as staff."""

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


class Role(models.TextChoices):
    """What a staff member does (角色)."""

    DOCTOR = "doctor", "医生"
    NURSE = "nurse", "护士"
    TRIAGE = "triage", "分诊"
    PHARMACIST = "pharmacist", "药师"
    CASHIER = "cashier", "收费"
    BOOKING_OFFICE = "booking_office", "门诊办公室"
    RECORDS_OFFICE = "records_office", "病案室"
    MANAGER = "manager", "管理"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理员"


class Staff(Row):
    """A staff member (职工) of one hospital."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.OneToOneField(Account, on_delete=models.PROTECT)
    number = models.CharField(max_length=20)  # 工号
    name = EncryptedTextField(purpose="person")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "number"], name="one_staff_per_number")
        ]

    def __str__(self) -> str:
        return self.number


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

    def __str__(self) -> str:
        return str(self.pk)
