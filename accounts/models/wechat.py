"""The people behind WeChat identities, as WeChat tells them apart."""

from django.db import models

from accounts.models.account import Account
from common.models import Row


class WeChatPerson(Row):
    """The one account of a WeChat person (unionid), whichever mini-program they come from.

    Its key is what two first logins at once meet at. Belongs to the deployment.
    """

    unionid = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return str(self.pk)
