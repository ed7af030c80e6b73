"""A payer is asked for money (下单, 预支付)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Account, WeChatIdentity
from common import clock
from common.commands import action, write
from common.ids import new_id
from hospitals.models import Hospital, Merchant
from payments import gateway
from payments.errors import (
    ChargeNotOpen,
    ChargeOverdue,
    ChargeUnknown,
    NoMerchant,
    PayerUnknown,
    PaymentUnknown,
)
from payments.models import LONGEST_TITLE, Charge, PaymentLine, PaymentOrder

SHORTEST_WAIT = timedelta(minutes=1)  # WeChat Pay v3 raises an earlier time_expire to this
LONGEST_WAIT = timedelta(hours=2)  # as long as a prepay_id lives
FIRST_ASKED_AFTER = timedelta(seconds=30)  # the notice usually comes within seconds


@dataclass(frozen=True)
class _Payer:
    account: Account
    openid: str
    merchant: Merchant


@action
def open_payment(
    *, account: Account, charges: Iterable[UUID | Charge], hospital: Hospital
) -> PaymentOrder:
    """One payment of these charges by this account; an equal one that still waits is taken again.

    Whether the account may pay them is for the edge to say. Raises ChargeUnknown, ChargeNotOpen,
    ChargeOverdue, NoMerchant, PayerUnknown.
    """
    now = clock.now()
    keys = {charge.pk if isinstance(charge, Charge) else charge for charge in charges}
    rows = list(Charge.objects.of_hospital(hospital.pk).filter(pk__in=keys).locked())
    if not rows or len(rows) != len(keys):
        raise ChargeUnknown
    for charge in rows:
        if charge.status != Charge.Status.OPEN:
            raise ChargeNotOpen(charge_id=charge.pk)
        if charge.due_until is not None and charge.due_until <= now:
            raise ChargeOverdue(charge_id=charge.pk, due_until=charge.due_until)
    payer = _payer(account, hospital)
    known = _same_payment(rows, payer=payer, now=now)
    if known is not None:
        return known

    payment = _new_payment(rows, payer=payer, now=now)
    write(payment)
    for charge in rows:
        write(
            PaymentLine(
                hospital=hospital, payment=payment, charge=charge, amount_fen=charge.amount_fen
            )
        )
    return payment


def _payer(account: Account, hospital: Hospital) -> _Payer:
    merchant = Merchant.objects.filter(hospital=hospital).select_related("mini_program").first()
    if merchant is None:
        raise NoMerchant
    identity = WeChatIdentity.objects.filter(
        account=account, app_id=merchant.mini_program.app_id
    ).first()
    if identity is None:
        raise PayerUnknown
    return _Payer(account, identity.openid, merchant)


def _same_payment(rows: list[Charge], *, payer: _Payer, now: datetime) -> PaymentOrder | None:
    """A payment of exactly these charges by the same payer that can still be paid."""
    waiting = PaymentOrder.objects.filter(
        hospital_id=rows[0].hospital_id,
        payer=payer.account,
        merchant=payer.merchant,
        openid=payer.openid,
        status=PaymentOrder.Status.ASKED,
        expires_at__gt=now,
        lines__charge=rows[0],
    ).order_by("-pk")
    wanted = {charge.pk for charge in rows}
    for payment in waiting:
        if {line.charge_id for line in payment.lines.all()} == wanted:
            return payment
    return None


def _new_payment(rows: list[Charge], *, payer: _Payer, now: datetime) -> PaymentOrder:
    payment_id = new_id()
    dues = [charge.due_until for charge in rows if charge.due_until is not None]
    due_until = min([*dues, now + LONGEST_WAIT])
    title = rows[0].title if len(rows) == 1 else f"{rows[0].title}等{len(rows)}项"
    return PaymentOrder(
        id=payment_id,
        hospital_id=rows[0].hospital_id,
        merchant=payer.merchant,
        payer=payer.account,
        openid=payer.openid,
        out_trade_no=payment_id.hex,
        title=title[:LONGEST_TITLE],
        amount_fen=sum(charge.amount_fen for charge in rows),
        made_at=now,
        expires_at=max(due_until, now + SHORTEST_WAIT),
        ask_at=now + FIRST_ASKED_AFTER,
    )


def prepare_for_phone(*, payment_id: UUID) -> gateway.ClientParameters:
    """What the phone needs to pay: a live prepay_id of the provider, signed with our key.

    Calls the provider, so never inside a command; repeatable. Raises PaymentUnknown,
    ChargeNotOpen where it can be paid no more, ProviderRefused, ProviderUnreachable.
    """
    now = clock.now()
    payment = (
        PaymentOrder.objects.select_related("merchant__mini_program").filter(pk=payment_id).first()
    )
    if payment is None:
        raise PaymentUnknown
    if not payment.can_be_paid(now):
        raise ChargeNotOpen(payment_id=payment_id)
    if not payment.has_live_prepay(now):
        prepay_id = gateway.prepay(payment)
        payment = _remember_prepay(payment_id=payment_id, prepay_id=prepay_id)
    return gateway.sign_for_phone(payment)


@action
def _remember_prepay(*, payment_id: UUID, prepay_id: str) -> PaymentOrder:
    payment = (
        PaymentOrder.objects.locked().select_related("merchant__mini_program").get(pk=payment_id)
    )
    payment.prepay_id, payment.prepaid_at = prepay_id, clock.now()
    payment.save(update_fields=["prepay_id", "prepaid_at"])
    return payment


def ask_to_pay(
    *, account: Account, charges: Iterable[UUID | Charge], hospital: Hospital
) -> tuple[PaymentOrder, gateway.ClientParameters]:
    """Open the payment in a command of its own, then get it ready for the phone outside it."""
    payment = open_payment(account=account, charges=charges, hospital=hospital)
    return payment, prepare_for_phone(payment_id=payment.pk)
