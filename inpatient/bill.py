"""The bill of a stay (结算单): what was charged, what was paid, what is left or due."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from common.commands import flush
from inpatient.models import Admission, DailyLine, Deposit
from payments.models import Charge, LedgerAccount, LedgerEntry
from visits.models import Order


@dataclass(frozen=True)
class Money:
    """Where the money of one deposit is, by the ledger; whole fen."""

    held_fen: int = 0
    kept_fen: int = 0
    returned_fen: int = 0  # promised or done


@dataclass(frozen=True)
class Bill:
    """A stay's money as it stands now; whole fen."""

    lines_fen: int
    deposits: list[Deposit]  # oldest first, with their charges
    money: dict[UUID, Money]  # by charge
    undone: list[Order]  # asked for or paid, and not performed: withdrawn at the end

    @property
    def held_fen(self) -> int:
        """Paid, and neither kept nor on its way back."""
        return sum(one.held_fen for one in self.money.values())

    @property
    def kept_fen(self) -> int:
        """What the hospital has taken for the lines."""
        return sum(one.kept_fen for one in self.money.values())

    @property
    def returned_fen(self) -> int:
        """What goes back, or has gone back, to where it came from."""
        return sum(one.returned_fen for one in self.money.values())

    @property
    def paid_fen(self) -> int:
        """Everything that was paid for the stay."""
        return self.held_fen + self.kept_fen + self.returned_fen

    @property
    def open_fen(self) -> int:
        """Lines that nothing was taken for yet."""
        return self.lines_fen - self.kept_fen

    @property
    def due_fen(self) -> int:
        """What must still be paid before the patient goes home."""
        return max(self.open_fen - self.held_fen, 0)

    @property
    def left_fen(self) -> int:
        """What would go back if the patient went home now."""
        return max(self.held_fen - self.open_fen, 0)

    @property
    def refunded_orders_fen(self) -> int:
        """What was paid for things that were not done: it goes back with the balance."""
        return sum(one.fee_fen for one in self.undone if one.status == Order.Status.READY)

    @property
    def to_pay(self) -> list[Deposit]:
        """Asked for and not paid."""
        return [one for one in self.deposits if one.charge.status == Charge.Status.OPEN]

    @property
    def seal(self) -> str:
        """The same for the same bill: whoever agrees to it sends this back."""
        undone = sorted(str(order.pk) for order in self.undone)
        said = [str(self.lines_fen), str(self.held_fen), *undone]
        return hashlib.sha256(" ".join(said).encode()).hexdigest()[:16]


def bill_of(admission: Admission) -> Bill:
    """The stay's bill, in four statements. Locks nothing."""
    flush()  # sums and values do not by themselves send what the command holds back
    deposits = list(admission.deposits.select_related("charge").order_by("pk"))
    undone = Order.objects.undone().filter(visit__admission=admission).order_by("pk")
    return Bill(
        lines_fen=lines_fen(admission),
        deposits=deposits,
        money=_money([deposit.charge_id for deposit in deposits]),
        undone=list(undone),
    )


def lines_fen(admission: Admission) -> int:
    """The sum of everything charged, reversals taken off."""
    lines = DailyLine.objects.filter(daily_list__admission=admission)
    return lines.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def _money(charge_ids: list[UUID]) -> dict[UUID, Money]:
    """Where each charge's money is, in one statement."""
    entries = LedgerEntry.objects.filter(charge_id__in=charge_ids).order_by()
    sums = entries.values_list("charge_id", "from_account", "to_account").annotate(
        fen=Sum("amount_fen")
    )
    balances: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for charge_id, source, goal, fen in sums:
        balances[charge_id][source] -= fen
        balances[charge_id][goal] += fen
        if goal == LedgerAccount.PROVIDER:
            balances[charge_id]["gone"] += fen
    return {
        charge_id: Money(
            held_fen=balance[LedgerAccount.HELD],
            kept_fen=balance[LedgerAccount.KEPT],
            returned_fen=balance[LedgerAccount.REFUND_PROMISED] + balance["gone"],
        )
        for charge_id, balance in balances.items()
    }
