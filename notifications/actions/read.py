"""Somebody reads a message in the inbox."""

from uuid import UUID

from accounts.models import Account
from common import clock
from common.commands import action
from hospitals.models import Hospital
from notifications.errors import MessageMissing
from notifications.models import Message


@action
def read_message(*, message_id: UUID, account_id: UUID) -> Message:
    """The message was read, at the first time it was. Raises MessageMissing."""
    now = clock.now()
    inbox = Message.objects.in_inbox(account_id, now=now).locked()
    message = inbox.filter(pk=message_id).first()
    if message is None:
        raise MessageMissing(message_id=message_id)

    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])
    return message


@action
def read_everything(*, account: Account, hospital: Hospital) -> Account:
    """Nothing in the account's inbox of this hospital is unread."""
    now = clock.now()
    inbox = Message.objects.in_inbox(account.pk, now=now).filter(hospital=hospital)

    inbox.filter(read_at=None).update(read_at=now)
    return account
