"""What is to be told is told at another time."""

from collections.abc import Collection
from datetime import datetime

from django.db import models

from common import clock
from common.commands import action
from common.jobs import nudge
from notifications.actions.promise import WORTH_SAYING
from notifications.models import Message


@action
def move_messages(
    *,
    about: models.Model,
    due_at: datetime,
    expires_at: datetime | None = None,
    templates: Collection[str] | None = None,
) -> int:
    """What still waits to be told about `about` is due at another time; how many messages.

    The words need no change: they are asked for when the message is sent.
    """
    messages = Message.objects.about(about).waiting()
    if templates is not None:
        messages = messages.filter(template__in=templates)

    messages.move_to(Message.Status.QUEUED, lease_until=None)  # no longer its sender's
    moved = messages.update(due_at=due_at, expires_at=expires_at or due_at + WORTH_SAYING)
    if moved and due_at <= clock.now():
        nudge("deliver_messages")
    return moved
