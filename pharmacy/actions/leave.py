"""A prescription leaves the counter without the drugs: replaced, returned or expired."""

from uuid import UUID

from accounts.models import Role, Staff
from common import clock
from common.commands import action
from common.errors import InFlight, MoveRefused
from common.jobs import sweep_each
from notifications.actions.open_task import open_task
from notifications.actions.promise import promise_message
from notifications.actions.withdraw import withdraw_messages
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.models import Charge
from pharmacy.errors import PrescriptionUnknown
from pharmacy.models import PURPOSE, Prescription
from pharmacy.telling import announce_change
from pharmacy.words import EXPIRED, READY, RETURNED

BATCH = 50
TASK = "prescription_returned"


@action
def return_to_doctor(*, prescription_id: UUID, staff: Staff, reason: str) -> Prescription:
    """The doctor must change it; what was paid goes back. Again changes nothing.

    `reason` is one of Prescription.ReturnReason. Raises PrescriptionUnknown, MoveRefused.
    """
    prescription, charge = locked_prescription(prescription_id, hospital_id=staff.hospital_id)
    status = Prescription.Status.RETURNED
    if prescription.status == status:
        return prescription
    if not prescription.can_move_to(status):
        raise MoveRefused(now=prescription.status, asked=status)

    prescription.return_reason = Prescription.ReturnReason(reason)
    prescription.save(update_fields=["return_reason"])
    take_away(prescription, charge=charge, status=status)
    promise_message(template=RETURNED, patient=prescription.patient, about=prescription)
    open_task(
        role=Role.DOCTOR,
        kind=TASK,
        patient=prescription.patient,
        about=prescription,
        due_at=clock.now(),
        reason=reason,
    )
    return prescription


def expire_prescriptions() -> int:
    """Every prescription whose last day has passed is no longer valid, one command each."""
    due = Prescription.objects.over(clock.now()).order_by("expires_at", "pk")
    return sweep_each(due, lambda key: expire_prescription(prescription_id=key), batch=BATCH)


@action
def expire_prescription(*, prescription_id: UUID) -> bool:
    """It is too late to collect the drugs; what was paid goes back. Whether it was ours to do."""
    prescription, charge = locked_prescription(prescription_id)
    if not prescription.is_live or clock.now() < prescription.expires_at:
        return False

    take_away(prescription, charge=charge, status=Prescription.Status.EXPIRED)
    promise_message(template=EXPIRED, patient=prescription.patient, about=prescription)
    return True


def take_away(prescription: Prescription, *, charge: Charge | None, status: str) -> None:
    """Move a live prescription out, and owe back what was paid. Both are locked."""
    prescription.move_to(status, changed_at=clock.now())
    if charge is None:
        raise RuntimeError("A live prescription has its charge.")
    if charge.status == Charge.Status.PAID:
        promise_refund(charge=charge, reason=f"prescription_{status}")
    else:
        withdraw_charge(charge=charge)
    withdraw_messages(about=prescription, templates=[READY])
    announce_change(prescription)


def locked_prescription(
    prescription_id: UUID, *, hospital_id: UUID | None = None
) -> tuple[Prescription, Charge]:
    """The prescription and its charge, locked in order. Raises PrescriptionUnknown."""
    charge = Charge.objects.locked().filter(purpose=PURPOSE, subject_id=prescription_id).first()
    found = Prescription.objects.locked().select_related("patient").filter(pk=prescription_id)
    if hospital_id is not None:
        found = found.filter(hospital_id=hospital_id)
    prescription = found.first()
    if prescription is None or charge is None:
        raise PrescriptionUnknown(prescription_id=prescription_id)
    return prescription, charge


def locked_versions(hospital_id: UUID, number: str) -> list[tuple[Prescription, Charge | None]]:
    """Every version of a number with its charge, locked; the patient's lock is held.

    A withdrawn version has no charge. Raises InFlight where a version appeared meanwhile.
    """
    same = Prescription.objects.filter(hospital_id=hospital_id, number=number)
    keys = set(same.values_list("pk", flat=True))
    wanted = Charge.objects.filter(purpose=PURPOSE, subject_id__in=keys)
    charges = {charge.subject_id: charge for charge in wanted.locked()}
    locked = list(same.locked())
    if {one.pk for one in locked} != keys:
        raise InFlight
    return [(one, charges.get(one.pk)) for one in locked]
