"""The timer that keeps every hospital's horizon published."""

import logging
from datetime import timedelta

from booking.actions.publish import publish_rota
from common import clock
from hospitals.models import Hospital
from hospitals.policy import policy_of

log = logging.getLogger(__name__)


def publish_ahead() -> int:
    """Every date that can be booked today has its sessions (S4-31). Returns how many were new."""
    fresh = 0
    for hospital in Hospital.objects.order_by("pk"):
        try:
            fresh += _publish_horizon(hospital)
        except Exception:  # one hospital's rota must not keep the others from publishing theirs
            log.exception("a rota is not published", extra={"hospital_id": hospital.pk})
    return fresh


def _publish_horizon(hospital: Hospital) -> int:
    now = clock.now()
    today = clock.local(now).date()
    last = policy_of(hospital.pk, now=now).last_day(today)
    days = [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)]
    return publish_rota(hospital=hospital, days=days)
