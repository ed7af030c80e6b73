"""Charges are opened, withdrawn, paid; nothing else."""

import pytest

from common.ids import new_id
from payments.actions.charge import open_charge, withdraw_charge
from payments.actions.keep import keep_charge
from payments.actions.refund import promise_refund
from payments.errors import ChargeNotOpen, ChargeNotPaid, RefundTooLarge
from payments.ledger import equation_of
from payments.models import Charge, LedgerEntry, Refund
from tests import make
from tests.make.payments import PURPOSE, Heard

pytestmark = pytest.mark.django_db


def test_what_costs_nothing_is_paid_at_once_and_its_answerer_told() -> None:
    free = make.charge(amount_fen=0)

    free.refresh_from_db()
    assert free.status == Charge.Status.PAID
    assert Heard.charges[-1] == free.pk
    assert not LedgerEntry.objects.exists()


def test_a_charge_for_what_nobody_answers_for_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="Nobody answers"):
        open_charge(
            purpose="tests.unknown",
            subject_id=new_id(),
            patient=make.patient(),
            amount_fen=100,
            title="挂号费",
            due_until=None,
        )


def test_withdrawing_twice_is_withdrawing_once() -> None:
    charge = make.charge()

    withdraw_charge(charge=charge)
    again = withdraw_charge(charge=charge)

    assert again.status == Charge.Status.WITHDRAWN


def test_what_is_paid_cannot_be_withdrawn() -> None:
    free = make.charge(amount_fen=0)

    with pytest.raises(ChargeNotOpen):
        withdraw_charge(charge=free)

    free.refresh_from_db()
    assert free.status == Charge.Status.PAID


def test_what_was_not_paid_cannot_be_kept() -> None:
    with pytest.raises(ChargeNotPaid):
        keep_charge(charge=make.charge())

    assert not LedgerEntry.objects.exists()


def test_what_cost_nothing_gives_nothing_back() -> None:
    free = make.charge(amount_fen=0)

    assert promise_refund(charge=free, reason="cancelled") is None
    assert not Refund.objects.exists()


def test_more_than_was_paid_never_goes_back() -> None:
    charge = make.charge(amount_fen=5000)

    with pytest.raises(RefundTooLarge):
        promise_refund(charge=charge, reason="cancelled", amount_fen=1)

    assert not Refund.objects.exists()
    assert equation_of(charge).holds


def test_one_subject_has_one_charge() -> None:
    first = make.charge()

    assert Charge.objects.about(purpose=PURPOSE, subject_id=first.subject_id).get() == first
