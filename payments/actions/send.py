"""Promised refunds leave for the provider, and are asked about until they are done."""

import logging
from datetime import timedelta

from common import clock
from common.commands import action
from payments import gateway
from payments.actions.finish import finish_refund
from payments.actions.hand_over import hand_over_refund
from payments.errors import ProviderRefused, ProviderUnreachable, SettlementMismatch
from payments.models import Refund

log = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(minutes=2)  # longer than any call may take
FIRST_TRY_AGAIN = timedelta(minutes=1)  # WeChat Pay v3: a minute between refunds of one order
LONGEST_TRY_AGAIN = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)  # refused that long, a person must look


def send_refunds() -> int:
    """One batch of what is owed back or under way; returns how many."""
    leased = _lease_due()
    for refund in leased:
        try:
            _send(refund)
        except Exception:  # a bug about one refund must not hold up the others'
            log.exception("a refund waits", extra={"refund_id": refund.pk})
    return len(leased)


@action
def _lease_due() -> list[Refund]:
    now = clock.now()
    taken = list(Refund.objects.to_send(now).skip_locked()[:BATCH])
    for refund in taken:
        wait = min(FIRST_TRY_AGAIN * 2 ** min(refund.attempts, 10), LONGEST_TRY_AGAIN)
        refund.attempts += 1
        refund.lease_until, refund.due_at = now + LEASE, now + wait
        refund.save(update_fields=["attempts", "lease_until", "due_at"])
    return taken


def _send(refund: Refund) -> None:
    """Ask the provider, by the same number however often, and do what follows."""
    refund = Refund.objects.select_related("payment__merchant__mini_program").get(pk=refund.pk)
    is_under_way = refund.status == Refund.Status.ASKED
    try:
        word = gateway.query_refund(refund) if is_under_way else gateway.refund(refund)
        finish_refund(word=word, merchant=refund.payment.merchant)
    except (ProviderRefused, ProviderUnreachable, SettlementMismatch) as trouble:
        reason = str(trouble.facts.get("reason", trouble.code))
        log.warning("a refund waits", extra={"refund_id": refund.pk, "code": reason})
        _note_trouble(
            refund=refund, reason=reason, is_refusal=not isinstance(trouble, ProviderUnreachable)
        )
    else:
        _end_lease(refund=refund)


@action
def _end_lease(*, refund: Refund) -> None:
    refund = Refund.objects.locked().get(pk=refund.pk)
    refund.lease_until, refund.refusal = None, ""
    refund.save(update_fields=["lease_until", "refusal"])


@action
def _note_trouble(*, refund: Refund, reason: str, is_refusal: bool) -> None:
    """Keep the provider's code; a refund refused for days is one that a person must look at."""
    refund = Refund.objects.select_related("charge__patient").locked().get(pk=refund.pk)
    refund.lease_until, refund.refusal = None, reason[:60]
    refund.save(update_fields=["lease_until", "refusal"])
    is_old = clock.now() - refund.made_at >= GIVE_UP_AFTER
    if is_refusal and is_old and refund.can_move_to(Refund.Status.ABNORMAL):
        refund.move_to(Refund.Status.ABNORMAL)
        hand_over_refund(refund, reason=reason)
