"""What opens nothing any more is not kept."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.actions.receive_push import PUSHES_KEPT
from accounts.models import (
    DeviceChallenge,
    Enrolment,
    OneTimeCode,
    OneTimeTicket,
    PageSession,
    Push,
    SignInTry,
    Token,
)
from common import clock
from common.commands import action

FORGET = "forget_what_is_over"
BATCH = 500
TICKETS_KEPT = timedelta(hours=1)
CODES_KEPT = timedelta(days=2)  # they hold phones; counted a day long
TRIES_KEPT = timedelta(days=1)  # longer than any lock


@action
def forget_what_is_over() -> int:
    """Delete one batch of each kind; returns how many rows went."""
    real = clock.real_now()
    return sum(_delete_some(rows) for rows in _over(real, now=clock.now()))


def _over(real: datetime, *, now: datetime) -> list[QuerySet]:  # type: ignore[type-arg]  # rows of eight kinds
    return [
        PageSession.objects.filter(expire_date__lt=real),
        Token.objects.filter(expiry__lt=real),
        OneTimeTicket.objects.filter(expires_at__lt=real - TICKETS_KEPT),
        DeviceChallenge.objects.filter(expires_at__lt=real - TICKETS_KEPT),
        Enrolment.objects.filter(expires_at__lt=real - TICKETS_KEPT),
        OneTimeCode.objects.filter(expires_at__lt=now - CODES_KEPT),
        SignInTry.objects.filter(at__lt=now - TRIES_KEPT),
        Push.objects.filter(received_at__lt=now - PUSHES_KEPT),
    ]


def _delete_some(rows: QuerySet) -> int:  # type: ignore[type-arg]  # rows of any kind
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    deleted, _ = rows.filter(pk__in=keys).delete() if keys else (0, {})
    return deleted
