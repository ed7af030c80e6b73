"""A payment from the phone to the ledger, by notice and by question."""

from datetime import timedelta

import pytest

from accounts.models import WeChatIdentity
from payments.actions.ask import open_payment
from payments.actions.charge import withdraw_charge
from payments.actions.keep import keep_charge
from payments.actions.query import query_open_payments
from payments.actions.refund import promise_refund
from payments.actions.send import send_refunds
from payments.errors import (
    ChargeNotOpen,
    ChargeOverdue,
    PayerUnknown,
    ProviderUnreachable,
    RefundTooLarge,
)
from payments.ledger import Equation, equation_of
from payments.models import Charge, PaymentOrder, Refund
from tests import make
from tests.make.payments import Heard
from tests.payments.till import Till, notice_states

pytestmark = pytest.mark.django_db


def test_a_paid_charge_is_held_and_its_answerer_told_once(till: Till) -> None:
    charge = till.charge(amount_fen=5000)

    payment = till.paid(charge)

    charge.refresh_from_db()
    assert (payment.status, charge.status) == ("SETTLED", "PAID")
    assert Heard.charges == [charge.pk]
    assert equation_of(charge) == Equation(5000, 0, 0, 0, 5000)
    assert till.bill() == (5000, 0)


def test_one_payment_pays_a_list_of_charges(till: Till) -> None:
    fee, test = till.charge(amount_fen=5000), till.charge(amount_fen=2500)

    payment = till.paid(fee, test)

    assert payment.amount_fen == 7500
    assert sorted(Heard.charges) == sorted([fee.pk, test.pk])
    assert equation_of(test).held_fen == 2500


def test_a_lost_notice_is_made_good_by_asking(till: Till) -> None:
    charge = till.charge()
    till.sandbox.fault("lost_notify")
    _, parameters = till.ask(charge)
    till.pay(parameters)

    till.show_our_time(timedelta(minutes=1))
    query_open_payments()

    charge.refresh_from_db()
    assert charge.status == Charge.Status.PAID
    assert equation_of(charge).held_fen == 5000


def test_a_notice_and_a_question_have_one_effect(till: Till) -> None:
    charge = till.charge()
    _, parameters = till.ask(charge)
    till.pay(parameters)
    notice = till.notice()

    till.show_our_time(timedelta(minutes=1))
    query_open_payments()
    answers = [till.deliver(notice).status_code for _ in range(3)]

    assert answers == [204, 204, 204]
    assert notice_states() == ["APPLIED"]
    assert Heard.charges == [charge.pk]
    assert equation_of(charge) == Equation(5000, 0, 0, 0, 5000)


def test_asking_again_takes_the_payment_that_waits(till: Till) -> None:
    charge = till.charge()

    first, _ = till.ask(charge)
    again, _ = till.ask(charge)

    assert first == again
    assert len(till.sandbox.control("orders")["orders"]) == 1


def test_the_payment_ends_with_the_hold_but_not_within_a_minute(till: Till) -> None:
    charge = till.charge()
    till.show_our_time(timedelta(minutes=14, seconds=50))

    payment, _ = till.ask(charge)

    assert payment.expires_at == payment.made_at + timedelta(minutes=1)


def test_what_is_overdue_is_not_asked_for(till: Till) -> None:
    charge = till.charge()
    till.show_our_time(timedelta(minutes=15))

    with pytest.raises(ChargeOverdue):
        till.ask(charge)

    assert not PaymentOrder.objects.exists()


def test_who_has_no_wechat_here_cannot_pay(till: Till) -> None:
    charge = till.charge()
    WeChatIdentity.objects.all().delete()

    with pytest.raises(PayerUnknown):
        open_payment(account=till.account, charges=[charge], hospital=till.hospital)

    assert not PaymentOrder.objects.exists()


def test_money_for_what_was_withdrawn_goes_back_once(till: Till) -> None:
    charge = till.charge()
    _, parameters = till.ask(charge)
    till.pay(parameters)
    withdraw_charge(charge=charge)

    notice = till.notice()
    till.deliver(notice)
    till.deliver(notice)
    till.finish_refunds()

    charge.refresh_from_db()
    refund = Refund.objects.get()
    assert (charge.status, refund.status, refund.reason) == ("WITHDRAWN", "DONE", "withdrawn")
    assert equation_of(charge) == Equation(5000, 0, 5000, 0, 0)
    assert Heard.charges == []
    assert till.bill() == (5000, 5000)


def test_who_pays_twice_gets_one_of_them_back(till: Till) -> None:
    charge = till.charge()
    _, mine = till.ask(charge)
    _, hers = till.ask(charge, account=till.payer(1))
    till.pay(mine)
    till.pay(hers)

    till.deliver(till.notice())
    till.deliver(till.notice())
    till.finish_refunds()

    assert Heard.charges == [charge.pk]
    assert Refund.objects.get().reason == "paid_twice"
    assert equation_of(charge) == Equation(10000, 0, 5000, 0, 5000)
    assert till.bill() == (10000, 5000)


def test_an_answerer_that_owes_the_money_back_does_not_undo_the_settlement(till: Till) -> None:
    charge = till.charge()
    Heard.does.append(lambda paid: promise_refund(charge=paid, reason="hold_lapsed"))

    payment = till.paid(charge)
    till.finish_refunds()

    assert payment.status == PaymentOrder.Status.SETTLED
    assert equation_of(charge) == Equation(5000, 0, 5000, 0, 0)


def test_what_was_performed_is_kept_and_part_of_it_may_go_back(till: Till) -> None:
    charge = till.charge(amount_fen=5000)
    till.paid(charge)
    keep_charge(charge=charge)
    keep_charge(charge=charge)

    promise_refund(charge=charge, reason="unperformed", amount_fen=2000)

    assert equation_of(charge) == Equation(5000, 3000, 0, 2000, 0)


def test_the_same_reason_is_the_same_refund(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)

    first = promise_refund(charge=charge, reason="cancelled")
    again = promise_refund(charge=charge, reason="cancelled")

    assert first == again
    assert equation_of(charge).promised_fen == 5000


def test_no_more_goes_back_than_is_left(till: Till) -> None:
    charge = till.charge(amount_fen=5000)
    till.paid(charge)
    promise_refund(charge=charge, reason="part", amount_fen=3000)

    with pytest.raises(RefundTooLarge):
        promise_refund(charge=charge, reason="another part", amount_fen=2001)

    assert Refund.objects.count() == 1
    assert equation_of(charge).holds


def test_a_refund_whose_answer_was_lost_is_asked_for_under_the_same_number(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")
    till.sandbox.fault("http_500", path="/v3/refund", moment="after")

    send_refunds()
    waiting = Refund.objects.get().status
    till.finish_refunds_later()

    assert waiting == Refund.Status.PROMISED
    assert Refund.objects.get().status == Refund.Status.DONE
    assert till.bill() == (5000, 5000)


def test_a_refund_notice_finishes_what_the_answer_began(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")
    send_refunds()

    till.deliver(till.notice())

    assert Refund.objects.get().status == Refund.Status.DONE
    assert equation_of(charge) == Equation(5000, 0, 5000, 0, 0)


def test_a_payment_whose_time_is_over_is_closed_at_the_provider(till: Till) -> None:
    charge = till.charge()
    till.ask(charge)

    till.show_our_time(timedelta(minutes=16))
    query_open_payments()

    assert PaymentOrder.objects.get().status == PaymentOrder.Status.CLOSED
    assert till.sandbox.control("orders")["orders"][0]["trade_state"] == "CLOSED"


def test_a_provider_that_is_down_leaves_a_payment_that_can_be_asked_for_again(till: Till) -> None:
    charge = till.charge()
    till.sandbox.fault("http_500", path="/v3/pay")

    with pytest.raises(ProviderUnreachable):
        till.ask(charge)
    payment, parameters = till.ask(charge)
    till.pay(parameters)

    assert PaymentOrder.objects.get() == payment
    assert payment.prepay_id == ""


def test_what_is_paid_is_not_asked_for_again(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)

    with pytest.raises(ChargeNotOpen):
        till.ask(charge)

    assert PaymentOrder.objects.count() == 1


def test_another_hospitals_charge_is_unknown_here(till: Till) -> None:
    stranger = make.charge()

    with pytest.raises(Exception, match="charge_unknown"):
        till.ask(stranger)

    assert not PaymentOrder.objects.exists()
