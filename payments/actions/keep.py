"""What was paid for has been performed (已履约), or part of it."""

from common import clock
from common.commands import action
from payments.errors import ChargeNotPaid, KeptTooLarge
from payments.ledger import balance_of, enter_keeping
from payments.models import Charge, LedgerAccount


@action
def keep_charge(*, charge: Charge) -> Charge:
    """The hospital has earned what it still holds for the charge; again changes nothing.

    Takes the charge's lock unless the caller holds it. Raises ChargeNotPaid.
    """
    charge = Charge.objects.locked().get(pk=charge.pk)
    if charge.status != Charge.Status.PAID:
        raise ChargeNotPaid(charge_id=charge.pk)
    held_fen = balance_of(charge, LedgerAccount.HELD)

    if held_fen:
        enter_keeping(charge=charge, amount_fen=held_fen, now=clock.now())
    return charge


@action
def keep_part(*, charge: Charge, amount_fen: int) -> Charge:
    """The hospital has earned this much of what it still holds for the charge; again earns more.

    Takes the charge's lock unless the caller holds it. Raises ChargeNotPaid, KeptTooLarge.
    """
    charge = Charge.objects.locked().get(pk=charge.pk)
    if charge.status != Charge.Status.PAID:
        raise ChargeNotPaid(charge_id=charge.pk)
    held_fen = balance_of(charge, LedgerAccount.HELD)
    if not 0 < amount_fen <= held_fen:
        raise KeptTooLarge(charge_id=charge.pk, held_fen=held_fen)

    enter_keeping(charge=charge, amount_fen=amount_fen, now=clock.now())
    return charge
