"""What the provider says of a refund."""

from common import clock
from common.commands import action
from hospitals.models import Merchant
from payments.actions.hand_over import hand_over_refund
from payments.errors import RefundUnknown, SettlementMismatch
from payments.ledger import enter_refund_done
from payments.models import Charge, Refund
from payments.purposes import after_refund
from payments.transaction import RefundWord

MEANING = {
    "SUCCESS": Refund.Status.DONE,
    "PROCESSING": Refund.Status.ASKED,
    "ABNORMAL": Refund.Status.ABNORMAL,
    "CLOSED": Refund.Status.CLOSED,
}

STUCK = frozenset({Refund.Status.ABNORMAL, Refund.Status.CLOSED})


@action
def finish_refund(*, word: RefundWord, merchant: Merchant) -> Refund:
    """The refund stands where the provider says; an older or repeated word changes nothing.

    Locks the charge, then the refund. Raises RefundUnknown, SettlementMismatch.
    """
    now = clock.now()
    known = Refund.objects.filter(out_refund_no=word.out_refund_no).first()
    if known is None:
        raise RefundUnknown
    Charge.objects.locked().get(pk=known.charge_id)
    refund = Refund.objects.select_related("payment", "charge").locked().get(pk=known.pk)
    status = _status_of(refund, word=word, merchant=merchant)
    if not refund.can_move_to(status):
        return refund

    is_done = status == Refund.Status.DONE
    refund.move_to(status, lease_until=None, done_at=now if is_done else None)
    if is_done:
        enter_refund_done(refund, now=now)
        after_refund.tell(refund)
    elif status in STUCK:
        hand_over_refund(refund, reason=str(status))
    return refund


def _status_of(refund: Refund, *, word: RefundWord, merchant: Merchant) -> Refund.Status:
    """What the word means. Raises SettlementMismatch unless it is about exactly this refund."""
    parts = {
        "merchant": refund.payment.merchant_id == merchant.pk,
        "order": word.out_trade_no == refund.payment.out_trade_no,
        "amount": word.refund_fen == refund.amount_fen,
        "state": word.state in MEANING,
    }
    wrong = [part for part, is_right in parts.items() if not is_right]
    if wrong:
        raise SettlementMismatch(refund_id=refund.pk, part=wrong[0])
    return MEANING[word.state]
