"""Ledger entries stay as they were written, whatever the code tries."""

import pytest
from django.db import IntegrityError, connection, transaction

from payments.actions.refund import promise_refund
from payments.ledger_faults import ledger_faults
from payments.models import Charge, LedgerEntry, PaymentOrder, Refund
from tests.payments.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(till: Till) -> LedgerEntry:
    """A settlement's entry."""
    till.paid(till.charge())
    return LedgerEntry.objects.get()


def test_an_entry_cannot_be_changed(entry: LedgerEntry) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(amount_fen=1)

    entry.refresh_from_db()
    assert entry.amount_fen == 5000


def test_an_entry_cannot_be_deleted(entry: LedgerEntry) -> None:
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).delete()

    assert LedgerEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_an_entry_moves_money(entry: LedgerEntry, amount_fen: int) -> None:
    entry.pk, entry.payment, entry.amount_fen = entry.charge_id, None, amount_fen

    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


def test_a_payment_is_never_settled_twice_for_one_charge(entry: LedgerEntry) -> None:
    entry.pk = entry.charge_id

    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


def test_a_ledger_that_followed_the_rules_has_no_faults(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")
    till.finish_refunds()

    assert ledger_faults(till.hospital) == []


def test_a_payment_without_its_entry_is_a_fault(till: Till) -> None:
    payment, _ = till.ask(till.charge())
    _set_by_hand(payment, "SETTLED")

    assert ledger_faults(till.hospital) == [f"payment {payment.pk}: settled 0 of 5000"]


def test_a_paid_charge_without_money_is_a_fault(till: Till) -> None:
    charge = till.charge()
    _set_by_hand(charge, "PAID")

    assert ledger_faults(till.hospital) == [f"charge {charge.pk}: paid, but the ledger has 0"]


def test_a_refund_that_is_done_in_name_only_is_a_fault(till: Till) -> None:
    charge = till.charge()
    till.paid(charge)
    refund = promise_refund(charge=charge, reason="cancelled")
    assert refund is not None
    _set_by_hand(refund, "DONE")

    assert ledger_faults(till.hospital) == [f"refund {refund.pk}: went back 0 of 5000"]


def _set_by_hand(row: Charge | PaymentOrder | Refund, status: str) -> None:
    """What no action does: a status without what belongs to it."""
    with connection.cursor() as cursor:
        key = row._meta.pk.get_db_prep_value(row.pk, connection)
        table = row._meta.db_table
        cursor.execute(f"UPDATE {table} SET status = %s WHERE id = %s", [status, key])  # noqa: S608
