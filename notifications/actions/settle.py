"""Messages that nobody will come back for find their end."""

from common import clock
from common.commands import action, write
from common.ids import new_id
from notifications.actions.lease import LEASE
from notifications.actions.open_task import hand_over
from notifications.actions.record import NO_ANSWER, follow_unknown
from notifications.models import WITHDRAWN, Attempt, Message

BATCH = 100


@action
def settle_messages() -> int:
    """One batch of leases that ran out and of messages past their time; how many.

    Not tried: due again. Tried, and nobody knows: UNKNOWN, and what the template says.
    Past its time: EXPIRED, and a task where the grade asks for one. A sweep.
    """
    now = clock.now()
    abandoned = list(Message.objects.abandoned(now).order_by("pk").skip_locked()[:BATCH])
    for message in abandoned:
        _end_lease(message)
    late = Message.objects.out_of_date(now).exclude(pk__in=[row.pk for row in abandoned])
    keys = list(late.skip_locked().values_list("pk", flat=True)[:BATCH])
    for message in Message.objects.filter(pk__in=keys).order_by("pk"):
        message.move_to(Message.Status.EXPIRED, reason="too_late")
        hand_over(message=message, reason="too_late")
    return len(abandoned) + len(keys)


def _end_lease(message: Message) -> None:
    """What follows when a sender died, or took too long."""
    if message.tried_at is None:
        message.move_to(Message.Status.QUEUED, lease_until=None, due_at=clock.now())
        return
    write(
        Attempt(
            id=new_id(),
            hospital_id=message.hospital_id,
            message=message,
            number=message.attempts,
            channel="unknown",
            started_at=message.tried_at,
            ended_at=(message.lease_until or message.tried_at + LEASE),
            outcome=NO_ANSWER,
        )
    )
    is_true = message.reason != WITHDRAWN
    message.move_to(Message.Status.UNKNOWN, lease_until=None, reason=NO_ANSWER)
    if is_true:
        follow_unknown(message=message)
