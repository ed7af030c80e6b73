"""The ledger (账): who may write it, and what it says about one charge.

Every entry moves an amount from one account to another, so it cannot fail to balance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from common.commands import write
from payments.models import Charge, LedgerAccount, LedgerEntry, PaymentOrder, Refund

Moves = Mapping[tuple[str, str], int]  # fen, by the account they left and the one they entered


@dataclass(frozen=True)
class Equation:
    """What was paid for a charge, and where that money is now; whole fen."""

    paid_fen: int
    kept_fen: int
    refunded_fen: int
    promised_fen: int
    held_fen: int

    @property
    def holds(self) -> bool:
        """paid = kept + refunded + promised + held, and nothing is below zero."""
        parts = (self.kept_fen, self.refunded_fen, self.promised_fen, self.held_fen)
        return self.paid_fen == sum(parts) and min(parts) >= 0


def equation_of(charge: Charge) -> Equation:
    """The charge's equation, from its entries, in one statement."""
    moves = _moves(charge)
    return Equation(
        paid_fen=sum(fen for (left, _), fen in moves.items() if left == LedgerAccount.PROVIDER),
        kept_fen=_balance(moves, LedgerAccount.KEPT),
        refunded_fen=sum(
            fen for (_, entered), fen in moves.items() if entered == LedgerAccount.PROVIDER
        ),
        promised_fen=_balance(moves, LedgerAccount.REFUND_PROMISED),
        held_fen=_balance(moves, LedgerAccount.HELD),
    )


def balance_of(charge: Charge, account: LedgerAccount) -> int:
    """What lies in an account for this charge."""
    return _balance(_moves(charge), account)


def _balance(moves: Moves, account: LedgerAccount) -> int:
    return sum(
        fen * ((entered == account) - (left == account)) for (left, entered), fen in moves.items()
    )


def _moves(charge: Charge) -> Moves:
    """How much went from which account to which."""
    entries = LedgerEntry.objects.filter(charge=charge).order_by()
    sums = entries.values_list("from_account", "to_account").annotate(fen=Sum("amount_fen"))
    return {(left, entered): fen for left, entered, fen in sums}


def enter_settlement(
    *, charge: Charge, payment: PaymentOrder, amount_fen: int, now: datetime
) -> None:
    """The provider has the money; it is held for the charge."""
    _enter(
        charge,
        from_account=LedgerAccount.PROVIDER,
        to_account=LedgerAccount.HELD,
        amount_fen=amount_fen,
        payment=payment,
        made_at=now,
    )


def enter_keeping(*, charge: Charge, amount_fen: int, now: datetime) -> None:
    """What was paid for has been performed."""
    _enter(
        charge,
        from_account=LedgerAccount.HELD,
        to_account=LedgerAccount.KEPT,
        amount_fen=amount_fen,
        made_at=now,
    )


def enter_promise(refund: Refund, *, now: datetime) -> None:
    """The refund's amount is owed back: first what is held, then what was kept."""
    from_held = min(refund.amount_fen, balance_of(refund.charge, LedgerAccount.HELD))
    parts = {
        LedgerAccount.HELD: from_held,
        LedgerAccount.KEPT: refund.amount_fen - from_held,
    }
    for account, amount_fen in parts.items():
        if amount_fen:
            _enter_refund(
                refund,
                from_account=account,
                to_account=LedgerAccount.REFUND_PROMISED,
                amount_fen=amount_fen,
                now=now,
            )


def enter_refund_done(refund: Refund, *, now: datetime) -> None:
    """The money went back the way it came."""
    _enter_refund(
        refund,
        from_account=LedgerAccount.REFUND_PROMISED,
        to_account=LedgerAccount.PROVIDER,
        amount_fen=refund.amount_fen,
        now=now,
    )


def _enter_refund(
    refund: Refund,
    *,
    from_account: LedgerAccount,
    to_account: LedgerAccount,
    amount_fen: int,
    now: datetime,
) -> None:
    _enter(
        refund.charge,
        from_account=from_account,
        to_account=to_account,
        amount_fen=amount_fen,
        payment_id=refund.payment_id,
        refund=refund,
        made_at=now,
    )


def _enter(charge: Charge, **entry: object) -> None:
    write(LedgerEntry(hospital_id=charge.hospital_id, charge=charge, **entry))
