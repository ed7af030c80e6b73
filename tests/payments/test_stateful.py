"""Invariant 2 under anything that can happen to money, against the provider's own bill.

The model knows no ledger: it reads what the provider took and gave back, row by row, and
remembers only what people were promised.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run
from pytest_django import Settings

from payments import gateway
from payments.actions.charge import withdraw_charge
from payments.actions.keep import keep_charge
from payments.actions.query import query_open_payments
from payments.actions.receive import apply_notices
from payments.actions.refund import promise_refund
from payments.actions.send import send_refunds
from payments.errors import ChargeNotOpen, ChargeNotPaid, ChargeOverdue, RefundTooLarge
from payments.gateway import ClientParameters
from payments.ledger import equation_of
from payments.ledger_faults import ledger_faults
from payments.models import Charge, Notice, PaymentOrder, Refund
from tests.make.payments import Heard
from tests.payments.provider_words import notice_of
from tests.payments.till import Till
from tests.rolled_back import RolledBackWorld
from tests.sandbox.outside import Received, Sandbox, Stranger

CHARGES, PAYERS = 3, 2
AMOUNTS = (1, 2_500, 5_000)
LONG_ENOUGH = timedelta(hours=2)
AT_MOST = 12
SOME_CHARGES = st.sets(st.integers(0, CHARGES - 1), min_size=1)
A_PAYER = st.integers(0, PAYERS - 1)
_outside: list[tuple[Sandbox, Stranger]] = []


class Money(RuleBasedStateMachine):
    """Three charges, two payers, one provider."""

    def __init__(self) -> None:
        super().__init__()
        self.world = RolledBackWorld()
        self.world.__enter__()

    @initialize(lapses=st.sets(st.integers(0, CHARGES - 1)))
    def open_the_till(self, lapses: set[int]) -> None:
        """Some charges are for holds that will have lapsed when they are paid."""
        Heard.forget()
        gateway.forget_clients()
        self.till = Till(*_outside[0])
        self.payers = [self.till.account, self.till.payer(1)]
        self.charges = [self.till.charge(amount_fen=fen) for fen in AMOUNTS]
        self.lapses = {self.charges[number].pk for number in lapses}
        self.asked: list[ClientParameters] = []
        self.notices: list[Received] = []
        self.given_back: dict[UUID, int] = {}  # promised by people, by charge
        self.paid_for: dict[str, list[UUID]] = {}  # charges by out_trade_no
        self.is_broken = False
        Heard.does.append(self.answer)

    def answer(self, charge: Charge) -> None:
        """What is sold hears that it was paid, and may break while it does."""
        if charge.pk in self.lapses:
            promise_refund(charge=charge, reason="hold_lapsed")
        if self.is_broken:
            raise ZeroDivisionError

    @rule(which=SOME_CHARGES, who=A_PAYER)
    def ask(self, which: set[int], who: int) -> None:
        """A payer asks to pay some of the charges together, and opens the payment sheet."""
        self.open_sheet(which, who)

    @rule(which=SOME_CHARGES, who=A_PAYER)
    def ask_and_pay(self, which: set[int], who: int) -> None:
        """As people do."""
        parameters = self.open_sheet(which, who)
        if parameters is not None:
            self.wallet_pays(parameters)

    def open_sheet(self, which: set[int], who: int) -> ClientParameters | None:
        """What the sheet is opened with; None where the hospital asks for nothing."""
        charges = [self.charges[number] for number in sorted(which)]
        try:
            payment, parameters = self.till.ask(*charges, account=self.payers[who])
        except (ChargeNotOpen, ChargeOverdue):
            return None
        self.asked.append(parameters)
        self.paid_for[payment.out_trade_no] = [charge.pk for charge in charges]
        return parameters

    @rule(which=st.integers(0, 9))
    def pay(self, which: int) -> None:
        """An earlier payment sheet is still open, and now somebody taps it."""
        if self.asked:
            self.wallet_pays(self.asked[which % len(self.asked)])

    def wallet_pays(self, parameters: ClientParameters) -> None:
        """The wallet pays, where the provider lets it; the notice is on its way."""
        answer = self.till.sandbox.ask_control("pay", parameters.as_dict())
        if answer.status_code == 200:
            self.notices.append(
                notice_of(self.till.sandbox, answer.json(), kind="TRANSACTION.SUCCESS")
            )

    @rule(which=st.integers(0, 9), times=st.integers(1, 2), is_broken=st.booleans())
    def deliver(self, which: int, times: int, is_broken: bool) -> None:  # noqa: FBT001 - drawn
        """A notice arrives: now or late, once or twice, whatever came before it."""
        if not self.notices:
            return
        self.is_broken = is_broken
        for _ in range(times):
            assert self.till.deliver(self.notices[which % len(self.notices)]).status_code == 204
        self.is_broken = False

    @rule(which=st.integers(0, CHARGES - 1))
    def withdraw(self, which: int) -> None:
        """Nobody asks for it any more, unless it is paid."""
        charge = Charge.objects.get(pk=self.charges[which].pk)
        try:
            withdraw_charge(charge=charge)
        except ChargeNotOpen:
            assert charge.status == Charge.Status.PAID

    @rule(which=st.integers(0, CHARGES - 1))
    def perform(self, which: int) -> None:
        """What was paid for is done."""
        charge = Charge.objects.get(pk=self.charges[which].pk)
        try:
            keep_charge(charge=charge)
        except ChargeNotPaid:
            assert charge.status != Charge.Status.PAID

    @rule(which=st.integers(0, CHARGES - 1), reason=st.sampled_from("ab"), part=st.booleans())
    def give_back(self, which: int, reason: str, part: bool) -> None:  # noqa: FBT001 - drawn
        """A person gives back all that is left, or one fen of it, for one of two reasons."""
        charge = self.charges[which]
        is_known = Refund.objects.filter(charge=charge, reason=reason).exists()
        try:
            refund = promise_refund(charge=charge, reason=reason, amount_fen=1 if part else None)
        except RefundTooLarge:
            return
        if refund is not None and not is_known:
            self.given_back[charge.pk] = self.given_back.get(charge.pk, 0) + refund.amount_fen

    @rule(minutes=st.integers(0, 20))
    def time_passes(self, minutes: int) -> None:
        """The sweeps run: notices, questions, refunds."""
        self.till.show_our_time(timedelta(minutes=minutes))
        apply_notices()
        query_open_payments()
        send_refunds()

    @invariant()
    def the_ledger_has_no_faults(self) -> None:
        """Every equation holds at every moment."""
        if hasattr(self, "till"):
            assert ledger_faults(self.till.hospital) == []

    def teardown(self) -> None:
        """When all is quiet, the ledger is the provider's bill."""
        try:
            if hasattr(self, "till"):
                self.settle_down()
                self.compare_payments()
                self.compare_refunds()
                for charge in self.charges:
                    self.compare(Charge.objects.get(pk=charge.pk))
        finally:
            self.world.__exit__(None, None, None)

    def settle_down(self) -> None:
        """Time passes until nothing is open, owed or waiting any more; but not for ever."""
        for _ in range(AT_MOST):
            self.time_passes(int(LONG_ENOUGH.total_seconds() // 60))
            if not (
                PaymentOrder.objects.filter(status=PaymentOrder.Status.ASKED).exists()
                or Refund.objects.exclude(status=Refund.Status.DONE).exists()
                or Notice.objects.filter(status=Notice.Status.RECEIVED).exists()
            ):
                return
        raise AssertionError("Something waits for ever.")

    def bill(self, table: str) -> list[dict[str, Any]]:
        """The provider's rows about what this example asked for."""
        rows: list[dict[str, Any]] = self.till.sandbox.control(table)[table]
        return [row for row in rows if row["out_trade_no"] in self.paid_for]

    def taken(self) -> dict[str, int]:
        """What the provider took, by our number."""
        paid = [row for row in self.bill("orders") if row["trade_state"] in {"SUCCESS", "REFUND"}]
        return {row["out_trade_no"]: row["total_fen"] for row in paid}

    def compare_payments(self) -> None:
        """Each payment the provider has is settled here, and no other."""
        settled = PaymentOrder.objects.filter(status=PaymentOrder.Status.SETTLED)
        assert {row.out_trade_no: row.amount_fen for row in settled} == self.taken()

    def compare_refunds(self) -> None:
        """Each refund the provider made is done here, and no other; none is left half done."""
        ours = {row.out_refund_no: row.amount_fen for row in Refund.objects.all()}
        theirs = {row["out_refund_no"]: row["refund_fen"] for row in self.bill("refunds")}
        assert ours == theirs
        assert not Refund.objects.exclude(status=Refund.Status.DONE).exists()

    def compare(self, charge: Charge) -> None:
        """A charge keeps its price once, but for what was given back; the rest went back."""
        orders = [no for no in self.taken() if charge.pk in self.paid_for[no]]
        equation = equation_of(charge)
        given_back = self.given_back.get(charge.pk, 0)
        assert equation.paid_fen == charge.amount_fen * len(orders)
        assert equation.promised_fen == 0
        left = charge.amount_fen - given_back if charge.status == Charge.Status.PAID else 0
        if charge.pk in self.lapses:
            left = 0
        assert equation.held_fen + equation.kept_fen == left
        assert charge.status != Charge.Status.OPEN or not orders


@pytest.fixture
def outside(sandbox: Sandbox, product: Stranger, settings: Settings) -> Iterator[None]:
    """A provider that sends no notices of its own: the test delivers them in its own order."""
    settings.WECHAT_PAY_URL, settings.PUBLIC_URL = sandbox.url, product.url
    sandbox.fault("lost_notify", times=None)
    _outside.append((sandbox, product))
    yield
    _outside.clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("outside")
def test_the_ledger_equals_the_providers_bill_whatever_happens() -> None:
    run(Money)
