"""Readings are kept as long as somebody may ask who read a card."""

from datetime import timedelta

from cards.models import CardReading
from common import clock
from common.commands import action

READINGS_KEPT = timedelta(days=185)  # 网络安全法 art. 21: logs at least six months
BATCH = 500


@action
def forget_readings() -> int:
    """Delete one batch of old readings; how many went. Their codes ended long before."""
    old = CardReading.objects.filter(read_at__lt=clock.real_now() - READINGS_KEPT)
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    if keys:
        CardReading.objects.filter(pk__in=keys).delete()
    return len(keys)
