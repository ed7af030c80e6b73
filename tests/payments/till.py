"""Both ends of a payment: our hospital, and a payer's wallet in the sandbox."""

import time
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.models import Account, WeChatIdentity
from common import clock
from hospitals.models import Hospital, Merchant
from patients.models import Patient
from payments.actions.ask import ask_to_pay
from payments.actions.send import send_refunds
from payments.gateway import ClientParameters
from payments.models import Charge, Notice, PaymentOrder
from tests import make
from tests.make.payments import merchant as make_merchant
from tests.sandbox.outside import Received, Sandbox, Stranger


class Till:
    """One hospital, one merchant, one payer and their patient."""

    def __init__(self, sandbox: Sandbox, product: Stranger) -> None:
        self.sandbox = sandbox
        self.product = product
        self.hospital: Hospital = make.hospital()
        self.merchant: Merchant = make_merchant(
            self.hospital, credentials=sandbox.credentials.merchants[0]
        )
        self.account: Account = self.payer(0)
        self.patient: Patient = make.patient(hospital=self.hospital, account=self.account)
        self.show_our_time()

    def payer(self, number: int) -> Account:
        """An account that is one of the sandbox's people."""
        account = make.account()
        WeChatIdentity.objects.create(
            account=account,
            app_id=self.merchant.mini_program.app_id,
            openid=self.sandbox.credentials.people[number].openid,
        )
        return account

    def show_our_time(self, by: timedelta = timedelta()) -> None:
        """Move our clock; the sandbox shows the same time."""
        now = clock.shift(by)
        self.sandbox.show_time(now.timestamp() - time.time())

    def charge(self, **details: Any) -> Charge:
        """An open charge of the till's patient."""
        return make.charge(**{"patient": self.patient, **details})

    def ask(
        self, *charges: Charge, account: Account | None = None
    ) -> tuple[PaymentOrder, ClientParameters]:
        """The payment of these charges, ready for the phone."""
        return ask_to_pay(account=account or self.account, charges=charges, hospital=self.hospital)

    def pay(self, parameters: ClientParameters) -> None:
        """The wallet pays."""
        self.sandbox.control("pay", parameters.as_dict())

    def notice(self) -> Received:
        """The next notice at the door, waited for."""
        return self.product.next()

    def paid(self, *charges: Charge) -> PaymentOrder:
        """The charges are paid and the notice applied."""
        payment, parameters = self.ask(*charges)
        self.pay(parameters)
        assert self.deliver(self.notice()).status_code == 204
        payment.refresh_from_db()
        return payment

    def deliver(self, notice: Received, **headers: str) -> Any:
        """Hand the notice to our door as it came over the wire, but for these headers."""
        told = {**notice.headers, **headers}
        kept = {n: v for n, v in told.items() if n.lower().startswith("wechatpay")}
        return Client().post(
            f"/payments/{self.merchant.mchid}/notify",
            data=notice.body,
            content_type="application/json",
            headers=kept,
        )

    def finish_refunds(self) -> None:
        """Everything owed back has gone back, by question alone; notices stay at the door."""
        send_refunds()
        self.show_our_time(timedelta(minutes=3))
        send_refunds()

    def finish_refunds_later(self) -> None:
        """As `finish_refunds`, once those that failed are due again."""
        self.show_our_time(timedelta(minutes=3))
        self.finish_refunds()

    def bill(self) -> tuple[int, int]:
        """What the provider says it took and gave back, in fen."""
        orders = self.sandbox.control("orders")["orders"]
        refunds = self.sandbox.control("refunds")["refunds"]
        taken = sum(o["total_fen"] for o in orders if o["trade_state"] in {"SUCCESS", "REFUND"})
        returned = sum(r["refund_fen"] for r in refunds if r["status"] == "SUCCESS")
        return taken, returned


def notice_states() -> list[str]:
    """The states of all stored notices, oldest first."""
    return list(Notice.objects.order_by("pk").values_list("status", flat=True))
