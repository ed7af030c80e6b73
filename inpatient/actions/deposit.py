"""Money is asked for a stay (预交金, 补缴), and comes."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action, write
from common.ids import new_id
from common.live import announce
from hospitals.policy import policy_of
from inpatient.bill import bill_of
from inpatient.errors import DepositTooLarge, NothingDue, NotOnWard
from inpatient.locks import lock_admission, lock_stay
from inpatient.models import Admission, Deposit
from inpatient.words import TITLES
from patients.models import Scope
from payments.actions.charge import open_charge, withdraw_charge
from payments.models import Charge


@action
def ask_deposit(*, admission_id: UUID, staff: Staff, amount_fen: int | None = None) -> Deposit:
    """The family may pay a deposit, usually what the policy says; one that is unpaid stands.

    Raises AdmissionUnknown, NotOnWard, DepositTooLarge.
    """
    admission = lock_admission(admission_id, staff=staff)
    most_fen = policy_of(staff.hospital_id, now=clock.now()).deposit_asked_fen
    asked_fen = most_fen if amount_fen is None else amount_fen
    if admission.status not in {Admission.Status.ASKED, Admission.Status.ADMITTED}:
        raise NotOnWard(admission_id=admission_id)
    unpaid = admission.deposits.filter(charge__status=Charge.Status.OPEN).first()
    if unpaid is not None:
        return unpaid
    if not 0 < asked_fen <= most_fen:
        raise DepositTooLarge(most_fen=most_fen)

    return _ask(admission, kind=Deposit.Kind.DEPOSIT, amount_fen=asked_fen, staff=staff)


@action
def ask_balance(*, admission_id: UUID, staff: Staff) -> Deposit:
    """The patient is leaving and what the bill exceeds the deposits by is asked for, alone: what
    was asked before and is unpaid is withdrawn. The same balance again is the same.

    Raises AdmissionUnknown, NotOnWard, NothingDue, InFlight.
    """
    admission = lock_stay(admission_id, staff=staff).admission
    if not admission.is_on_ward:
        raise NotOnWard(admission_id=admission_id)
    bill = bill_of(admission)
    if not bill.due_fen:
        raise NothingDue(left_fen=bill.left_fen)
    for asked in bill.to_pay:
        is_balance = asked.kind == Deposit.Kind.BALANCE
        if is_balance and asked.charge.amount_fen == bill.due_fen:
            return asked

    for asked in bill.to_pay:
        withdraw_charge(charge=asked.charge)
    if admission.status == Admission.Status.ADMITTED:
        admission.move_to(Admission.Status.DISCHARGING)
    return _ask(admission, kind=Deposit.Kind.BALANCE, amount_fen=bill.due_fen, staff=staff)


def _ask(admission: Admission, *, kind: Deposit.Kind, amount_fen: int, staff: Staff) -> Deposit:
    """Write the deposit with its charge, and tell the screens."""
    deposit_id = new_id()
    charge = open_charge(
        purpose=kind,
        subject_id=deposit_id,
        patient=admission.patient,
        amount_fen=amount_fen,
        title=TITLES[kind],
        due_until=None,
    )
    deposit = Deposit(
        id=deposit_id,
        hospital_id=admission.hospital_id,
        admission=admission,
        kind=kind,
        charge=charge,
        asked_by=staff,
    )
    write(deposit)
    _tell(deposit, "deposit_asked")
    return deposit


def hear_deposit_paid(charge: Charge) -> None:
    """The money of a deposit is here: the ward and the family see it.

    The bill is read from the ledger, so nothing else is to be noted. Whoever ends a stay holds
    the locks of its charges and withdraws the open ones, so a paid one always has a stay.
    """
    deposit = Deposit.objects.select_related("admission").get(charge=charge)
    _tell(deposit, "deposit_paid")


def _tell(deposit: Deposit, kind: str) -> None:
    admission = deposit.admission
    announce(admission.ward_stream, kind, admission_id=admission.pk)
    announce(admission.day_stream, kind, needs=Scope.INPATIENT, admission_id=admission.pk)
