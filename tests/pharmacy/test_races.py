"""Many at once on PostgreSQL: paying against replacing, handing over against returning."""

from collections.abc import Callable
from functools import partial

import pytest

from common.locking import without_guard
from payments.ledger import balance_of
from payments.models import Charge, LedgerAccount, Refund
from pharmacy.actions.dispense import hand_over
from pharmacy.actions.leave import return_to_doctor
from pharmacy.actions.receive import receive_prescription
from pharmacy.models import Prescription
from tests.make.pharmacy import (
    charge_of,
    pharmacist,
    prescribed,
    prescription,
    proof_of,
    ready_prescription,
)
from tests.make.settling import settlement
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20  # a twin must go wrong at least once in so many
REPEATS = 5
Status = Prescription.Status
STOCK = Prescription.ReturnReason.STOCK


def faults() -> list[str]:
    """What must never be: money kept for drugs not handed over, or held for what is gone."""
    found = []
    for one in Prescription.objects.all():
        charge = charge_of(one)
        held, kept = (balance_of(charge, a) for a in (LedgerAccount.HELD, LedgerAccount.KEPT))
        is_over = not one.is_live and one.status != Status.HANDED_OVER
        is_refunded = Refund.objects.filter(charge=charge).exists()
        wrong = {
            "money for what is gone": is_over and bool(held or kept),
            "live and refunded": one.is_live and is_refunded,
            "live, and nobody asks for it": one.is_live
            and charge.status == Charge.Status.WITHDRAWN,
            "handed over and not kept": one.status == Status.HANDED_OVER
            and (bool(held) or is_refunded),
        }
        found += [fault for fault, is_true in wrong.items() if is_true]
    return found


def pay_against_replace() -> list[object]:
    old = prescription(prescribed=prescribed())
    newer = prescribed(number=old.number, version=2)
    parts: list[Callable[[], object]] = [
        settlement(charge_of(old)),
        partial(receive_prescription, patient=old.patient, prescribed=newer),
    ]
    return list(race(parts))


def hand_over_against_return() -> list[object]:
    made = ready_prescription()
    staff = pharmacist(hospital=made.hospital)
    parts: list[Callable[[], object]] = [
        partial(hand_over, prescription_id=made.pk, staff=staff, proof=proof_of(made)),
        partial(return_to_doctor, prescription_id=made.pk, staff=staff, reason=STOCK),
    ]
    return list(race(parts))


def test_paying_what_is_being_replaced_ends_in_one_refund() -> None:
    for _ in range(REPEATS):
        results = pay_against_replace()
        assert not [one for one in results if isinstance(one, Exception)]

    assert faults() == []
    assert Prescription.objects.live().count() == REPEATS
    assert set(Prescription.objects.live().values_list("version", flat=True)) == {2}


def test_without_locks_money_is_held_for_a_replaced_prescription() -> None:
    def goes_wrong() -> bool:
        with without_guard("locks"):
            results = pay_against_replace()
        return bool(faults()) or any(isinstance(one, Exception) for one in results)

    assert any(goes_wrong() for _ in range(TRIES))


def test_drugs_are_handed_over_or_returned_never_both() -> None:
    for _ in range(REPEATS):
        results = hand_over_against_return()
        assert len([one for one in results if isinstance(one, Exception)]) == 1

    assert faults() == []


def test_without_locks_drugs_are_handed_over_and_refunded() -> None:
    def goes_wrong() -> bool:
        with without_guard("locks"):
            results = hand_over_against_return()
        return bool(faults()) or not [one for one in results if isinstance(one, Exception)]

    assert any(goes_wrong() for _ in range(TRIES))


def test_versions_that_arrive_together_leave_the_highest_alone() -> None:
    first = prescription(prescribed=prescribed(number="RX"))
    parts = [
        partial(
            receive_prescription,
            patient=first.patient,
            prescribed=prescribed(number="RX", version=version),
        )
        for version in (5, 3, 4, 2)
    ]

    race(parts)

    assert Prescription.objects.live().get().version == 5
    assert Charge.objects.filter(status=Charge.Status.OPEN).count() == 1
