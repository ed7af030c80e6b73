"""Something is owed, or is owed no more."""

from datetime import datetime
from uuid import UUID

from common import clock
from common.commands import action, write
from common.ids import new_id
from patients.models import Patient
from payments.errors import ChargeNotOpen
from payments.models import LONGEST_TITLE, Charge
from payments.purposes import when_paid


@action
def open_charge(  # what is owed, by whom, for what, until when
    *,
    purpose: str,
    subject_id: UUID,
    patient: Patient,
    amount_fen: int,
    title: str,
    due_until: datetime | None,
) -> Charge:
    """The patient owes the amount; what costs nothing is paid at once, and its answerer told.

    `title` is plain words without anything personal: the payment sheet shows it. Write the
    subject before this call.
    """
    if purpose not in when_paid:
        raise RuntimeError(f"Nobody answers when {purpose} is paid.")
    now = clock.now()
    is_free = amount_fen == 0
    charge = Charge(
        id=new_id(),
        hospital_id=patient.hospital_id,
        patient=patient,
        purpose=purpose,
        subject_id=subject_id,
        title=title[:LONGEST_TITLE],
        amount_fen=amount_fen,
        status=Charge.Status.PAID if is_free else Charge.Status.OPEN,
        due_until=due_until,
        made_at=now,
        paid_at=now if is_free else None,
    )
    write(charge)
    if is_free:
        when_paid.ask(purpose)(charge)
    return charge


@action
def withdraw_charge(*, charge: Charge) -> Charge:
    """Nobody asks for the money any more; withdrawing again changes nothing.

    Takes the charge's lock unless the caller holds it. Raises ChargeNotOpen where it was paid:
    promise a refund instead.
    """
    charge = Charge.objects.locked().get(pk=charge.pk)
    if charge.status == Charge.Status.WITHDRAWN:
        return charge
    if charge.status == Charge.Status.PAID:
        raise ChargeNotOpen(charge_id=charge.pk)

    return charge.move_to(Charge.Status.WITHDRAWN)
