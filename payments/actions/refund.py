"""Money is owed back (退款)."""

from django.db.models import Sum

from common import clock
from common.commands import action, write
from common.ids import new_id
from common.jobs import nudge
from payments.errors import RefundTooLarge
from payments.ledger import enter_promise
from payments.models import Charge, PaymentLine, PaymentOrder, Refund
from payments.timers import SEND_REFUNDS


@action
def promise_refund(*, charge: Charge, reason: str, amount_fen: int | None = None) -> Refund | None:
    """The amount, or all that is left of what was paid, goes back to where it came from.

    The same charge and reason is the same refund, however often. None where nothing is left, as
    for what cost nothing. Takes the charge's lock unless the caller holds it. Raises
    RefundTooLarge.
    """
    charge = Charge.objects.locked().get(pk=charge.pk)
    known = Refund.objects.of_charge(charge).filter(reason=reason).order_by("pk").first()
    if known is not None:
        return known
    left = {line.payment: left_of(line) for line in settled_lines(charge)}
    payment = max(left, key=lambda one: left[one], default=None)
    if payment is None or left[payment] == 0:
        if amount_fen:
            raise RefundTooLarge(charge_id=charge.pk, left_fen=0)
        return None
    if amount_fen is not None and not 0 < amount_fen <= left[payment]:
        raise RefundTooLarge(charge_id=charge.pk, left_fen=left[payment])

    return owe_back(
        charge=charge, payment=payment, reason=reason, amount_fen=amount_fen or left[payment]
    )


def settled_lines(charge: Charge) -> list[PaymentLine]:
    """What was truly paid for the charge, oldest first; usually one line."""
    lines = PaymentLine.objects.filter(charge=charge, payment__status=PaymentOrder.Status.SETTLED)
    return list(lines.select_related("payment").order_by("payment_id"))


def left_of(line: PaymentLine) -> int:
    """What of this line was not yet promised back. The caller holds the charge's lock."""
    promised = Refund.objects.filter(charge_id=line.charge_id, payment_id=line.payment_id)
    return line.amount_fen - (promised.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def owe_back(*, charge: Charge, payment: PaymentOrder, reason: str, amount_fen: int) -> Refund:
    """The promise itself: a row, its ledger entry, and a nudge to send it soon."""
    now = clock.now()
    refund_id = new_id()
    refund = Refund(
        id=refund_id,
        hospital_id=charge.hospital_id,
        charge=charge,
        payment=payment,
        out_refund_no=refund_id.hex,
        amount_fen=amount_fen,
        reason=reason,
        made_at=now,
        due_at=now,
    )
    write(refund)
    enter_promise(refund, now=now)
    nudge(SEND_REFUNDS)
    return refund
