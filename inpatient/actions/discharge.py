"""The patient goes home, and the balance goes back to who paid it (出院结算)."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from common.live import announce
from inpatient.bill import Bill, bill_of
from inpatient.errors import BalanceDue, BillChanged, NotOnWard, WristbandDiffers
from inpatient.identity import plain
from inpatient.locks import Stay, lock_stay
from inpatient.models import Admission, Deposit
from inpatient.words import BALANCE_RETURNED, DISCHARGED
from notifications.actions.promise import promise_message
from patients.models import Scope
from payments.actions.charge import withdraw_charge
from payments.actions.keep import keep_part
from payments.actions.refund import promise_refund
from visits.actions.order import withdraw_order
from visits.actions.visit import end_visit


@action
def discharge(*, admission_id: UUID, wristband: str, agreed: str, nurse: Staff) -> Admission:
    """The bill is settled to the fen, what is left goes back, the bed is free. Repeatable.

    `agreed` is the seal of the bill that the family agreed to. What was ordered and not done is
    withdrawn, and its money owed back. Raises AdmissionUnknown, NotOnWard, WristbandDiffers,
    BalanceDue, BillChanged, InFlight.
    """
    stay = lock_stay(admission_id, staff=nurse)
    admission = stay.admission
    if admission.wristband is None:
        raise NotOnWard(admission_id=admission_id)
    if plain(wristband) != admission.wristband:
        raise WristbandDiffers(admission_id=admission_id)
    if admission.status == Admission.Status.DISCHARGED:
        return admission
    bill = bill_of(admission)
    if bill.due_fen:
        raise BalanceDue(due_fen=bill.due_fen, lines_fen=bill.lines_fen, paid_fen=bill.paid_fen)
    if agreed != bill.seal:
        raise BillChanged(lines_fen=bill.lines_fen, paid_fen=bill.paid_fen)

    _leave(stay, nurse=nurse)
    for order in bill.undone:
        withdraw_order(order_id=order.pk)
    _settle(bill)
    announce(
        admission.ward_stream, "discharged", admission_id=admission.pk, bed_id=admission.bed_id
    )
    announce(admission.day_stream, "discharged", needs=Scope.INPATIENT, admission_id=admission.pk)
    promise_message(template=DISCHARGED, patient=admission.patient, about=admission)
    return admission


def _leave(stay: Stay, *, nurse: Staff) -> None:
    """The visit is over and the bed is free."""
    if stay.visit is not None:
        end_visit(visit=stay.visit)
    if stay.bed is not None:
        stay.bed.admission_id = None
        stay.bed.save(update_fields=["admission_id"])
    stay.admission.move_to(
        Admission.Status.DISCHARGED, discharged_by=nurse, discharged_at=clock.now()
    )


def _settle(bill: Bill) -> None:
    """The lines are kept from the deposits, the oldest first; the rest of each is owed back."""
    owed_fen = bill.open_fen
    for deposit in bill.to_pay:
        withdraw_charge(charge=deposit.charge)
    for deposit in bill.deposits:
        owed_fen -= _take(deposit, bill, owed_fen=owed_fen)


def _take(deposit: Deposit, bill: Bill, *, owed_fen: int) -> int:
    """Keep what is owed of one deposit, give the rest back. Returns what was kept."""
    money = bill.money.get(deposit.charge_id)
    held_fen = money.held_fen if money else 0
    kept_fen = min(held_fen, owed_fen)
    if kept_fen:
        keep_part(charge=deposit.charge, amount_fen=kept_fen)
    if held_fen > kept_fen:
        promise_refund(
            charge=deposit.charge, reason=BALANCE_RETURNED, amount_fen=held_fen - kept_fen
        )
    return kept_fen
