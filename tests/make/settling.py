"""The provider's word that a charge was paid, without the provider."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from common import clock
from common.ids import new_id
from hospitals.models import Hospital, Merchant, MiniProgram
from payments.actions.settle import settle_payment
from payments.models import Charge, PaymentLine, PaymentOrder
from payments.transaction import Transaction
from tests.make.accounts import account as make_account


def merchant(*, hospital: Hospital) -> Merchant:
    """The hospital's merchant, made once; its keys open nothing."""
    known = Merchant.objects.filter(hospital=hospital).first()
    if known is not None:
        return known
    program = MiniProgram.objects.create(
        hospital=hospital,
        app_id=f"wx{new_id().hex[-14:]}",
        secret="none",  # noqa: S106 - opens nothing
    )
    return Merchant.objects.create(
        hospital=hospital,
        mini_program=program,
        mchid=new_id().hex[-10:],
        serial_no="0",
        private_key_pem="none",
        apiv3_key="none",
        public_key_id="PUB_KEY_ID_0",
        public_key_pem="none",
    )


def settlement(charge: Charge) -> Callable[[], PaymentOrder]:
    """A payment that was asked for the charge, and the act of settling it."""
    payee = merchant(hospital=charge.hospital)
    now = clock.now()
    payment = PaymentOrder.objects.create(
        hospital=charge.hospital,
        merchant=payee,
        payer=make_account(),
        openid="openid",
        out_trade_no=new_id().hex,
        title=charge.title,
        amount_fen=charge.amount_fen,
        made_at=now,
        expires_at=now + timedelta(minutes=15),
        ask_at=now,
    )
    PaymentLine.objects.create(
        hospital=charge.hospital, payment=payment, charge=charge, amount_fen=charge.amount_fen
    )
    word = Transaction(
        state="SUCCESS",
        app_id=payee.mini_program.app_id,
        mchid=payee.mchid,
        out_trade_no=payment.out_trade_no,
        transaction_id=new_id().hex[:28],
        openid="openid",
        total_fen=charge.amount_fen,
        currency="CNY",
    )
    return partial(settle_payment, out_trade_no=payment.out_trade_no, transaction=word)
