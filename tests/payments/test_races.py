"""Many at once on PostgreSQL, and each guard's twin that goes wrong without it."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError

from common.locking import without_guard
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.errors import ChargeNotOpen, RefundTooLarge
from payments.ledger import equation_of
from payments.ledger_faults import ledger_faults
from payments.models import Charge, LedgerEntry, Notice, Refund
from tests import make
from tests.make.payments import Heard
from tests.make.settling import settlement
from tests.payments.till import Till
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]

TRIES = 20  # a twin must go wrong at least once in so many


def test_ten_identical_notices_at_once_have_one_effect(till: Till) -> None:
    charge = till.charge()
    _, parameters = till.ask(charge)
    till.pay(parameters)
    notice = till.notice()

    answers = race([partial(till.deliver, notice)] * 10)

    assert [getattr(answer, "status_code", answer) for answer in answers] == [204] * 10
    assert Notice.objects.get().status == Notice.Status.APPLIED
    assert LedgerEntry.objects.count() == 1
    assert Heard.charges == [charge.pk]


def test_one_payment_settled_by_ten_at_once_is_settled_once() -> None:
    charge = make.charge()

    results = race([settlement(charge)] * 10)

    assert not [one for one in results if isinstance(one, Exception)]
    assert Heard.charges == [charge.pk]
    assert ledger_faults(charge.hospital) == []


def test_without_locks_a_payment_is_settled_twice_over() -> None:
    def goes_wrong() -> bool:
        Heard.forget()
        with without_guard("locks"):
            results = race([settlement(make.charge())] * 10)
        is_broken = any(isinstance(one, IntegrityError) for one in results)
        return is_broken or len(Heard.charges) > 1

    assert any(goes_wrong() for _ in range(TRIES))


def paid_charge() -> Charge:
    """5,000 fen, settled."""
    charge = make.charge(amount_fen=5000)
    settlement(charge)()
    return charge


def refunds_at_once(charge: Charge) -> list[Refund | Exception | None]:
    """Two clerks give everything back, each for a reason of their own."""
    reasons = ("cancelled", "doctor_stopped")
    parts: list[Callable[[], Refund | None]] = [
        partial(promise_refund, charge=charge, reason=reason, amount_fen=5000) for reason in reasons
    ]
    return race(parts)


def test_of_two_refunds_at_once_one_is_too_large() -> None:
    charge = paid_charge()

    results = refunds_at_once(charge)

    assert sorted(type(one).__name__ for one in results) == ["Refund", "RefundTooLarge"]
    assert any(isinstance(one, RefundTooLarge) for one in results)
    assert equation_of(charge).promised_fen == 5000
    assert ledger_faults(charge.hospital) == []


def test_without_locks_the_money_is_promised_twice() -> None:
    def goes_wrong() -> bool:
        charge = paid_charge()
        with without_guard("locks"):
            refunds_at_once(charge)
        return not equation_of(charge).holds

    assert any(goes_wrong() for _ in range(TRIES))


def settled_and_withdrawn(charge: Charge) -> list[object]:
    """The provider says paid while somebody withdraws the charge."""
    parts: list[Callable[[], object]] = [
        settlement(charge),
        partial(withdraw_charge, charge=charge),
    ]
    return list(race(parts))


def is_one_or_the_other(charge: Charge, withdrawn: object) -> bool:
    """Paid and the withdrawal refused, or withdrawn and the money owed back."""
    charge.refresh_from_db()
    equation = equation_of(charge)
    if charge.status == Charge.Status.PAID:
        return isinstance(withdrawn, ChargeNotOpen) and equation.held_fen == 5000
    return charge.status == Charge.Status.WITHDRAWN and equation.promised_fen == 5000


def test_paid_first_the_withdrawal_is_refused() -> None:
    charge = make.charge()
    settlement(charge)()

    with pytest.raises(ChargeNotOpen):
        withdraw_charge(charge=charge)

    assert equation_of(charge).held_fen == 5000


def test_withdrawn_first_the_money_is_owed_back() -> None:
    charge = make.charge()
    pay = settlement(charge)
    withdraw_charge(charge=charge)

    pay()

    assert equation_of(charge).promised_fen == 5000
    assert Refund.objects.get().reason == "withdrawn"


def test_settling_against_withdrawing_is_one_or_the_other() -> None:
    charges = [make.charge() for _ in range(10)]

    results = [(charge, settled_and_withdrawn(charge)) for charge in charges]

    assert all(is_one_or_the_other(charge, told[1]) for charge, told in results)


def test_without_locks_money_lies_with_a_withdrawn_charge() -> None:
    def goes_wrong() -> bool:
        charge = make.charge()
        with without_guard("locks"):
            told = settled_and_withdrawn(charge)
        return not is_one_or_the_other(charge, told[1])

    assert any(goes_wrong() for _ in range(TRIES))
