"""The second factor (动态口令) of a staff member: proof besides the password that it is they."""

from typing import ClassVar

from django.db import models

from accounts.models.account import Account
from common.fields import EncryptedTextField
from common.models import Row
from hospitals.models import Hospital


class SecondFactor(Row):
    """A secret that an authenticator app shares with us (RFC 6238); it counts once confirmed.

    `last_step` is the newest time step that was accepted: it and older ones never open again.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    secret = EncryptedTextField(purpose="person")
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)


class RecoveryCode(Row):
    """Stands in for the authenticator once (恢复码); only its digest is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)  # SHA-256 of 80 random bits
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["factor", "digest"], name="one_recovery_code")
        ]

    def __str__(self) -> str:
        return str(self.pk)
