"""The provider is asked about payments that stay open: a notice may be lost for ever."""

import logging
from datetime import timedelta
from uuid import UUID

from common import clock
from common.commands import action
from payments import gateway
from payments.actions.settle import settle_payment
from payments.errors import ProviderRefused, ProviderUnreachable, SettlementMismatch
from payments.models import Charge, PaymentOrder

log = logging.getLogger(__name__)
BATCH = 20
FIRST_ASK_AGAIN = timedelta(seconds=30)
LONGEST_ASK_AGAIN = timedelta(minutes=10)


def query_open_payments() -> int:
    """One batch of payments that are due for a question; returns how many."""
    due = _take_due()
    for payment_id in due:
        try:
            hear_provider(payment_id=payment_id, may_close=True)
        except (ProviderRefused, ProviderUnreachable, SettlementMismatch) as trouble:
            log.warning(
                "a payment stays open", extra={"payment_id": payment_id, "code": trouble.code}
            )
        except Exception:  # a bug in one answerer must not hold up the others' money
            log.exception("a payment stays open", extra={"payment_id": payment_id})
    return len(due)


@action
def _take_due() -> list[UUID]:
    now = clock.now()
    taken = list(PaymentOrder.objects.to_ask_about(now).skip_locked()[:BATCH])
    for payment in taken:
        payment.ask_at = now + min(FIRST_ASK_AGAIN * 2 ** min(payment.asks, 10), LONGEST_ASK_AGAIN)
        payment.asks += 1
        payment.save(update_fields=["ask_at", "asks"])
    return [payment.pk for payment in taken]


def hear_provider(*, payment_id: UUID, may_close: bool = False) -> None:
    """The payment stands where the provider says. Never inside a command; repeatable.

    With `may_close`, a payment nobody should make any more is closed. Raises ProviderRefused,
    ProviderUnreachable, SettlementMismatch.
    """
    payment = PaymentOrder.objects.select_related("merchant__mini_program").get(pk=payment_id)
    if payment.status == PaymentOrder.Status.SETTLED:
        return
    transaction = gateway.query(payment)
    if transaction is not None and transaction.is_paid:
        settle_payment(out_trade_no=payment.out_trade_no, transaction=transaction)
    elif may_close and _is_over(payment):
        if transaction is not None and transaction.state != "CLOSED":
            gateway.close(payment)
        _close(payment_id=payment_id)


def _is_over(payment: PaymentOrder) -> bool:
    """True when its time is over, or one of its charges is not open any more."""
    if clock.now() >= payment.expires_at:
        return True
    charges = Charge.objects.filter(payment_lines__payment=payment)
    return charges.exclude(status=Charge.Status.OPEN).exists()


@action
def _close(*, payment_id: UUID) -> None:
    payment = PaymentOrder.objects.locked().get(pk=payment_id)
    if payment.status == PaymentOrder.Status.ASKED:
        payment.move_to(PaymentOrder.Status.CLOSED)
