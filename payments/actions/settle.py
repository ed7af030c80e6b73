"""The provider has the money (到账)."""

from common import clock
from common.commands import action
from common.locking import LOCK_ORDER
from payments.actions.refund import left_of, owe_back
from payments.errors import PaymentUnknown, SettlementMismatch
from payments.ledger import enter_settlement
from payments.models import Charge, PaymentLine, PaymentOrder, Refund
from payments.purposes import when_paid
from payments.transaction import Transaction


@action
def settle_payment(*, out_trade_no: str, transaction: Transaction) -> PaymentOrder:
    """The payment is settled, its charges paid or their money owed back; again changes nothing.

    `transaction` is the provider's word, verified or asked for. Locks charges, then the payment,
    then whatever the answerers lock. Raises PaymentUnknown, SettlementMismatch.
    """
    now = clock.now()
    lines = list(PaymentLine.objects.filter(payment__out_trade_no=out_trade_no))
    wanted = Charge.objects.filter(pk__in=[line.charge_id for line in lines])
    charges = {charge.pk: charge for charge in wanted.locked()}
    payment = (
        PaymentOrder.objects.locked()
        .select_related("merchant__mini_program")
        .filter(out_trade_no=out_trade_no)
        .first()
    )
    if payment is None:
        raise PaymentUnknown
    refuse_mismatch(payment, transaction)
    if payment.status == PaymentOrder.Status.SETTLED:
        return payment

    payment.move_to(
        PaymentOrder.Status.SETTLED,
        transaction_id=transaction.transaction_id,
        settled_at=now,
    )
    for line in lines:
        charge = charges[line.charge_id]
        enter_settlement(charge=charge, payment=payment, amount_fen=line.amount_fen, now=now)
    for charge in sorted(charges.values(), key=_in_order_of_locks):
        if charge.status == Charge.Status.OPEN:
            charge.move_to(Charge.Status.PAID, paid_at=now)
            when_paid.ask(charge.purpose)(charge)
        else:
            give_back_at_once(charge=charge, payment=payment)
    return payment


def _in_order_of_locks(charge: Charge) -> tuple[int, str]:
    """Answerers lock their subjects, so several are answered in the house's order."""
    kinds = {kind: place for place, kind in enumerate(LOCK_ORDER)}
    return kinds.get(charge.purpose, len(kinds)), str(charge.subject_id)


def refuse_mismatch(payment: PaymentOrder, transaction: Transaction) -> None:
    """Raises SettlementMismatch unless the provider's word is about exactly this payment."""
    parts = {
        "state": transaction.is_paid,
        "order": transaction.out_trade_no == payment.out_trade_no,
        "merchant": transaction.mchid == payment.merchant.mchid,
        "app": transaction.app_id == payment.merchant.mini_program.app_id,
        "payer": transaction.openid == payment.openid,
        "amount": transaction.total_fen == payment.amount_fen,
        "currency": transaction.currency == "CNY",
        "transaction": payment.transaction_id in {"", transaction.transaction_id},
    }
    wrong = [part for part, is_right in parts.items() if not is_right]
    if wrong:
        raise SettlementMismatch(payment_id=payment.pk, part=wrong[0])


def give_back_at_once(*, charge: Charge, payment: PaymentOrder) -> Refund | None:
    """Money that arrived for what is withdrawn, or paid already, goes back, once."""
    line = PaymentLine.objects.get(charge=charge, payment=payment)
    left_fen = left_of(line)
    if not left_fen:
        return None
    is_paid = charge.status == Charge.Status.PAID
    reason = "paid_twice" if is_paid else "withdrawn"
    return owe_back(charge=charge, payment=payment, reason=reason, amount_fen=left_fen)
