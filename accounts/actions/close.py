"""An account is closed for good: whoever comes with the same WeChat later is somebody new."""

from accounts.actions.leave_service import shut_out
from accounts.models import Account, PageSession, WeChatIdentity, WeChatPerson
from common.commands import action


@action
def close_account(*, account: Account) -> Account:
    """Nothing opens it any more, and nothing ties it to a WeChat. Again changes nothing.

    The account's lock must be held.
    """
    account.is_active = False
    account.save(update_fields=["is_active"])
    shut_out(account)
    PageSession.objects.filter(account=account).delete()
    WeChatIdentity.objects.filter(account=account).delete()
    WeChatPerson.objects.filter(account=account).delete()
    return account
