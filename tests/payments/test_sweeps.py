"""The sweeps of payments get past what breaks off, however long it has been broken."""

from collections.abc import Callable

import pytest

from common.jobs import LONGEST_TRY_AGAIN
from notifications.models import Task
from payments.actions import query
from payments.actions.hand_over import LOOK_AT_REFUND
from payments.actions.query import query_open_payments
from payments.actions.receive import apply_notices
from payments.actions.refund import promise_refund
from payments.actions.send import GIVE_UP_AFTER, send_refunds
from payments.models import Charge, PaymentOrder, Refund
from tests import make
from tests.make.payments import Heard
from tests.make.settling import settlement
from tests.payments.till import Till, notice_states

pytestmark = pytest.mark.django_db


def break_for(charge: Charge) -> None:
    """From now on the answerer breaks off over this charge."""

    def deed(heard: Charge) -> None:
        if heard.pk == charge.pk:
            raise ArithmeticError

    Heard.does.append(deed)


def break_once() -> Callable[[Charge], object]:
    """An answerer that breaks off the first time, so that the sweep has to do it."""
    times = iter([True])

    def deed(_: Charge) -> None:
        if next(times, False):
            raise ArithmeticError

    return deed


def test_a_notice_that_breaks_off_for_days_keeps_no_other_waiting(till: Till) -> None:
    bad = till.charge()
    break_for(bad)
    till.paid(bad)
    for _ in range(60):
        till.show_our_time(LONGEST_TRY_AGAIN)
        apply_notices()
    good = till.charge()
    Heard.does.append(break_once())
    till.paid(good)

    till.show_our_time(LONGEST_TRY_AGAIN)
    apply_notices()

    assert notice_states() == ["RECEIVED", "APPLIED"]


def test_a_payment_that_breaks_off_keeps_no_other_from_being_asked_about(till: Till) -> None:
    bad, good = till.charge(), till.charge()
    break_for(bad)
    for charge in (bad, good):
        _, parameters = till.ask(charge)
        till.pay(parameters)
    till.show_our_time(query.FIRST_ASK_AGAIN * 2)

    query_open_payments()

    states = PaymentOrder.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == [PaymentOrder.Status.ASKED, PaymentOrder.Status.SETTLED]


def test_a_merchant_whose_keys_open_nothing_keeps_no_other_hospitals_refunds(till: Till) -> None:
    elsewhere, here = make.charge(), till.charge()
    settlement(elsewhere)()
    till.paid(here)
    promise_refund(charge=elsewhere, reason="cancelled")
    promise_refund(charge=here, reason="cancelled")

    till.finish_refunds()

    assert Refund.objects.get(charge=elsewhere).status == Refund.Status.PROMISED
    assert Refund.objects.get(charge=here).status == Refund.Status.DONE


def test_a_refund_under_way_that_the_provider_forgot_becomes_a_cashiers_duty(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)
    refund = promise_refund(charge=charge, reason="cancelled")
    assert refund is not None
    refund.move_to(Refund.Status.ASKED)  # and the provider, put back from a copy, lost it

    till.show_our_time(GIVE_UP_AFTER)
    send_refunds()

    assert Task.objects.get().kind == LOOK_AT_REFUND
