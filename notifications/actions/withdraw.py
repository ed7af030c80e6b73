"""What was to be told is no longer true."""

from collections.abc import Collection

from django.db import models

from common.commands import action
from notifications.models import WITHDRAWN, Message, Task


@action
def withdraw_messages(*, about: models.Model, templates: Collection[str] | None = None) -> int:
    """Nothing about `about` is still waiting to be told (of these templates, or of any).

    Also the tasks that stand for such a message. What is being sent this moment is let go, and
    is not repeated. Returns how many messages. The caller holds the lock of `about`, which keeps
    two of these from meeting; a delivery never waits for one.
    """
    tasks = Task.objects.about(about).exclude(template="")
    messages = Message.objects.about(about)
    if templates is not None:
        tasks = tasks.filter(template__in=templates)
        messages = messages.filter(template__in=templates)

    tasks.move_to(Task.Status.WITHDRAWN)
    withdrawn = messages.waiting().move_to(Message.Status.WITHDRAWN, reason=WITHDRAWN)
    messages.filter(status=Message.Status.SENDING).update(reason=WITHDRAWN)
    return withdrawn
