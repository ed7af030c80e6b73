"""One sender takes due messages, so that no other sends them."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from common import clock
from common.commands import action
from notifications.models import Message

LEASE = timedelta(minutes=10)  # by the rules' clock, many times what a batch takes


@action
def lease_messages(*, most: int) -> list[Message]:
    """At most `most` due messages are this sender's until the lease ends.

    The most urgent first, then the oldest. Two senders never get the same row: on PostgreSQL each
    skips what the other has locked, on SQLite they take turns. Behind both stands `mark_tried`.
    """
    now = clock.now()
    keys = list(Message.objects.due(now).skip_locked().values_list("pk", flat=True)[:most])
    if not keys:
        return []

    leased = Message.objects.filter(pk__in=keys)
    leased.move_to(
        Message.Status.SENDING,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        tried_at=None,
        reason="",
    )
    by_key = {row.pk: row for row in leased}
    return [by_key[key] for key in keys]


@action
def mark_tried(*, message: Message) -> bool:
    """From now on the one call of this lease may have left; false where it is not ours to make."""
    ours = Message.objects.filter(
        pk=message.pk, status=Message.Status.SENDING, attempts=message.attempts, tried_at=None
    )
    return ours.update(tried_at=clock.now()) == 1


@action
def release_messages(*, keys: Collection[UUID], pause: timedelta) -> int:
    """Give back leased messages that were not tried, to be due again after a pause."""
    untried = Message.objects.filter(pk__in=keys, tried_at=None, status=Message.Status.SENDING)
    return untried.move_to(
        Message.Status.QUEUED, lease_until=None, due_at=clock.now() + pause, reason="provider_away"
    )
