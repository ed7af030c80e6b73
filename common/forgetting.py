"""What the house itself no longer needs: old idempotency keys and old live events."""

from datetime import timedelta

from common import clock
from common.models import IdempotencyKey, StreamEvent

KEY_LIFE = timedelta(days=7)  # a client that repeats later than this makes a new effect
EVENT_LIFE = timedelta(days=7)  # a page that is older than this starts afresh
BATCH = 1000


def forget_old_keys() -> int:
    """The sweep: keys past their life, the oldest first. Returns how many went."""
    old = IdempotencyKey.objects.filter(made_at__lt=clock.now() - KEY_LIFE).order_by("made_at")
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    return IdempotencyKey.objects.filter(pk__in=keys).delete()[0] if keys else 0


def forget_old_events() -> int:
    """The sweep: live events past their life; streams keep their numbers."""
    old = StreamEvent.objects.filter(made_at__lt=clock.now() - EVENT_LIFE).order_by("made_at")
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    return StreamEvent.objects.filter(pk__in=keys).delete()[0] if keys else 0
