"""What is to be done is charged once, done once, and refunded only undone."""

from datetime import timedelta

import pytest

from common import clock
from common.errors import MoveRefused
from payments.ledger import equation_of
from payments.models import Charge, Refund
from tests import make
from tests.make.settling import settlement
from tests.make.visits import order, visit
from visits.actions.order import perform_order, place_order, withdraw_order
from visits.actions.visit import end_visit
from visits.asked import Asked
from visits.errors import NoOpenVisit, OrderDiffers, OrderUnknown, OrderUnpaid, PriceUnknown
from visits.models import Order, Visit

pytestmark = pytest.mark.django_db


def charge_of(one: Order) -> Charge:
    return Charge.objects.get(purpose="order", subject_id=one.pk)


def test_an_order_is_charged_at_the_price_list() -> None:
    made = order(visit=visit(), fee_fen=2500)

    assert made.status == Order.Status.PLACED
    assert charge_of(made).amount_fen == 2500


def test_the_same_order_twice_is_one() -> None:
    first = order(visit=visit())

    again = place_order(
        patient=first.patient, asked=Asked(placer_number="P1", code="CBC", name="血常规")
    )

    assert again.pk == first.pk
    assert Charge.objects.filter(purpose="order").count() == 1


def test_a_number_cannot_mean_another_patients_order() -> None:
    first = order(visit=visit())
    other = visit(patient=make.patient(hospital=first.hospital))

    with pytest.raises(OrderDiffers):
        place_order(
            patient=other.patient, asked=Asked(placer_number="P1", code="CBC", name="血常规")
        )

    assert Order.objects.count() == 1


def test_an_order_needs_a_patient_in_the_house_and_a_price() -> None:
    at_home, here = make.patient(), visit()
    unpriced = Asked(placer_number="P1", code="XYZ", name="")

    with pytest.raises(NoOpenVisit):
        place_order(patient=at_home, asked=unpriced)
    with pytest.raises(PriceUnknown):
        place_order(patient=here.patient, asked=unpriced)

    assert not Order.objects.exists()
    assert not Charge.objects.filter(purpose="order").exists()


def test_an_order_of_today_finds_a_visit_that_has_ended_and_one_of_tomorrow_does_not() -> None:
    here = visit()
    end_visit(visit=here)

    made = order(visit=here)
    clock.shift(timedelta(days=1))
    late = Asked(placer_number="P2", code="CBC", name="")
    with pytest.raises(NoOpenVisit):
        place_order(patient=here.patient, asked=late)

    assert made.visit_id == here.pk


def test_a_paid_order_is_performed_and_its_money_kept() -> None:
    made = order(visit=visit())
    settlement(charge_of(made))()

    done = perform_order(order_id=made.pk, filler_number="F1")
    perform_order(order_id=made.pk)

    assert (done.status, done.filler_number) == (Order.Status.PERFORMED, "F1")
    assert equation_of(charge_of(made)).kept_fen == 2500


def test_an_unpaid_order_is_not_performed() -> None:
    made = order(visit=visit())

    with pytest.raises(OrderUnpaid):
        perform_order(order_id=made.pk)

    assert Order.objects.get().status == Order.Status.PLACED


def test_a_paid_order_that_is_withdrawn_is_refunded_once() -> None:
    made = order(visit=visit())
    settlement(charge_of(made))()

    withdraw_order(order_id=made.pk)
    withdraw_order(order_id=made.pk)

    assert Refund.objects.get().amount_fen == 2500


def test_what_was_performed_is_not_withdrawn() -> None:
    made = order(visit=visit())
    settlement(charge_of(made))()
    perform_order(order_id=made.pk)

    with pytest.raises(MoveRefused):
        withdraw_order(order_id=made.pk)

    assert not Refund.objects.exists()


def test_money_for_a_withdrawn_order_goes_back() -> None:
    made = order(visit=visit())
    pay = settlement(charge_of(made))
    withdraw_order(order_id=made.pk)

    pay()

    assert Refund.objects.get().amount_fen == 2500
    assert Order.objects.get().status == Order.Status.WITHDRAWN


def test_an_order_that_never_was_is_not_found() -> None:
    with pytest.raises(OrderUnknown):
        perform_order(order_id=visit().pk)


def test_going_home_twice_is_going_home_once() -> None:
    here = visit()

    first, second = end_visit(visit=here), end_visit(visit=here)

    assert first.ended_at == second.ended_at
    assert Visit.objects.get().status == Visit.Status.ENDED
