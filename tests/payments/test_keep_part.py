"""Part of what was paid has been earned; the rest is still held."""

import pytest

from payments.actions.keep import keep_part
from payments.actions.refund import promise_refund
from payments.errors import ChargeNotPaid, KeptTooLarge
from payments.ledger import equation_of
from payments.models import Charge
from tests import make
from tests.make.settling import settlement

pytestmark = pytest.mark.django_db


def paid_charge(*, amount_fen: int) -> Charge:
    """A charge whose money is here."""
    charge = make.charge(amount_fen=amount_fen)
    settlement(charge)()
    return charge


def test_a_part_is_kept_and_the_rest_can_go_back() -> None:
    charge = paid_charge(amount_fen=1000)
    keep_part(charge=charge, amount_fen=300)
    keep_part(charge=charge, amount_fen=1)

    promise_refund(charge=charge, reason="rest", amount_fen=699)

    equation = equation_of(charge)
    assert equation.holds
    assert (equation.kept_fen, equation.promised_fen, equation.held_fen) == (301, 699, 0)


@pytest.mark.parametrize("amount_fen", [0, -1, 701])
def test_more_than_is_held_is_never_kept(amount_fen: int) -> None:
    charge = paid_charge(amount_fen=1000)
    keep_part(charge=charge, amount_fen=300)

    with pytest.raises(KeptTooLarge) as refused:
        keep_part(charge=charge, amount_fen=amount_fen)

    assert refused.value.facts["held_fen"] == 700
    assert equation_of(charge).kept_fen == 300


def test_of_what_is_not_paid_nothing_is_kept() -> None:
    charge = make.charge(amount_fen=1000)

    with pytest.raises(ChargeNotPaid):
        keep_part(charge=charge, amount_fen=1)
