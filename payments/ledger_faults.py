"""Invariant 2 as the database sees it: what the ledger says, against everything beside it."""

from collections.abc import Iterator

from django.db.models import QuerySet, Sum

from hospitals.models import Hospital
from payments.ledger import equation_of
from payments.models import (
    Charge,
    LedgerAccount,
    LedgerEntry,
    PaymentLine,
    PaymentOrder,
    Refund,
)


def ledger_faults(hospital: Hospital) -> list[str]:
    """Everything of the hospital's money that does not agree, by id; empty when all does."""
    return [*_of_charges(hospital), *_of_payments(hospital), *_of_refunds(hospital)]


def _of_charges(hospital: Hospital) -> Iterator[str]:
    """Each equation holds, and a charge is paid exactly when the ledger has its money."""
    for charge in Charge.objects.of_hospital(hospital.pk).order_by("pk").iterator():
        equation = equation_of(charge)
        if not equation.holds:
            yield f"charge {charge.pk}: {equation}"
        is_paid = charge.status == Charge.Status.PAID
        if is_paid and equation.paid_fen < charge.amount_fen:
            yield f"charge {charge.pk}: paid, but the ledger has {equation.paid_fen}"
        if not is_paid and equation.held_fen + equation.kept_fen:
            yield f"charge {charge.pk}: not paid, but money is held for it"
        if is_paid and equation.held_fen + equation.kept_fen > charge.amount_fen:
            yield f"charge {charge.pk}: more is held than it costs"


def _of_payments(hospital: Hospital) -> Iterator[str]:
    """A settled payment has all its entries, any other has none; lines make up the amount."""
    for payment in PaymentOrder.objects.of_hospital(hospital.pk).order_by("pk").iterator():
        entries = LedgerEntry.objects.filter(
            payment=payment, from_account=LedgerAccount.PROVIDER, refund=None
        )
        settled_fen = entries.aggregate(fen=Sum("amount_fen"))["fen"] or 0
        is_settled = payment.status == PaymentOrder.Status.SETTLED
        if settled_fen != (payment.amount_fen if is_settled else 0):
            yield f"payment {payment.pk}: settled {settled_fen} of {payment.amount_fen}"
        lines = PaymentLine.objects.filter(payment=payment).aggregate(fen=Sum("amount_fen"))
        if lines["fen"] != payment.amount_fen:
            yield f"payment {payment.pk}: its lines make {lines['fen']} of {payment.amount_fen}"


def _of_refunds(hospital: Hospital) -> Iterator[str]:
    """A refund is promised in full, and went back in full exactly when it is done."""
    refunds = Refund.objects.filter(hospital=hospital).order_by("pk")
    for refund in refunds.iterator():
        entries = LedgerEntry.objects.filter(refund=refund)
        promised_fen = _sum(entries.filter(to_account=LedgerAccount.REFUND_PROMISED))
        returned_fen = _sum(entries.filter(to_account=LedgerAccount.PROVIDER))
        is_done = refund.status == Refund.Status.DONE
        if promised_fen != refund.amount_fen:
            yield f"refund {refund.pk}: promised {promised_fen} of {refund.amount_fen}"
        if returned_fen != (refund.amount_fen if is_done else 0):
            yield f"refund {refund.pk}: went back {returned_fen} of {refund.amount_fen}"


def _sum(entries: QuerySet[LedgerEntry]) -> int:
    return entries.aggregate(fen=Sum("amount_fen"))["fen"] or 0
