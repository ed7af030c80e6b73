"""From payment to the patient's hand."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from common.errors import MoveRefused
from notifications.actions.promise import promise_message
from payments.actions.keep import keep_charge
from payments.actions.refund import promise_refund
from payments.models import Charge
from pharmacy.actions.leave import locked_prescription, take_away
from pharmacy.errors import IdentityUnproven, PrescriptionExpired, WindowUnnamed
from pharmacy.models import Prescription
from pharmacy.telling import announce_change
from pharmacy.words import READY

Status = Prescription.Status
LONGEST_WINDOW = 20


@dataclass(frozen=True)
class Proof:
    """Two identifiers of whoever collects the drugs."""

    pickup_code: str
    document_end: str  # the last four characters

    def is_for(self, prescription: Prescription) -> bool:
        """Whether both are this prescription's."""
        known = (prescription.pickup_code, prescription.patient.document_number[-4:])
        said = (self.pickup_code.strip(), self.document_end.strip().upper())
        return all(
            hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(known, said, strict=True)
        )


def mark_paid(charge: Charge) -> None:
    """The drugs may be prepared; money for a prescription that is gone goes back.

    Runs inside the settlement's transaction, which holds the charge's lock.
    """
    prescription = Prescription.objects.locked().get(pk=charge.subject_id)
    now = clock.now()
    if prescription.status != Status.ISSUED:
        promise_refund(charge=charge, reason="prescription_gone")
    elif now >= prescription.expires_at:
        take_away(prescription, charge=charge, status=Status.EXPIRED)
    else:
        prescription.move_to(Status.PAID, changed_at=now)
        announce_change(prescription)


@action
def prepare_prescription(*, prescription_id: UUID, staff: Staff) -> Prescription:
    """A pharmacist has taken it and collects the drugs (接收配药). Again changes nothing.

    Raises PrescriptionUnknown, PrescriptionExpired, MoveRefused.
    """
    prescription, _ = _to_move(prescription_id, staff=staff, status=Status.PREPARING)
    if prescription.status == Status.PREPARING:
        return prescription

    return _moved(prescription, status=Status.PREPARING)


@action
def make_ready(*, prescription_id: UUID, staff: Staff, window: str) -> Prescription:
    """The drugs wait at a window (配好), and the patient is told. Again changes nothing.

    Raises PrescriptionUnknown, PrescriptionExpired, MoveRefused, WindowUnnamed.
    """
    prescription, _ = _to_move(prescription_id, staff=staff, status=Status.READY)
    if prescription.status == Status.READY:
        return prescription
    if not 0 < len(window.strip()) <= LONGEST_WINDOW:
        raise WindowUnnamed

    _moved(prescription, status=Status.READY, window=window.strip())
    promise_message(
        template=READY,
        patient=prescription.patient,
        about=prescription,
        expires_at=prescription.expires_at,
    )
    return prescription


@action
def hand_over(*, prescription_id: UUID, staff: Staff, proof: Proof) -> Prescription:
    """The patient has the drugs (发药), and the hospital keeps what was paid.

    Again changes nothing. Raises PrescriptionUnknown, PrescriptionExpired, MoveRefused,
    IdentityUnproven.
    """
    prescription, charge = _to_move(prescription_id, staff=staff, status=Status.HANDED_OVER)
    if not proof.is_for(prescription):
        raise IdentityUnproven(prescription_id=prescription_id)
    if prescription.status == Status.HANDED_OVER:
        return prescription

    _moved(prescription, status=Status.HANDED_OVER)
    keep_charge(charge=charge)
    return prescription


def _to_move(prescription_id: UUID, *, staff: Staff, status: str) -> tuple[Prescription, Charge]:
    """The locked prescription, which may move there or is there already."""
    prescription, charge = locked_prescription(prescription_id, hospital_id=staff.hospital_id)
    if prescription.status == status:
        return prescription, charge
    if not prescription.can_move_to(status):
        raise MoveRefused(now=prescription.status, asked=status)
    if clock.now() >= prescription.expires_at:
        raise PrescriptionExpired(expired_at=prescription.expires_at)
    return prescription, charge


def _moved(prescription: Prescription, *, status: str, **changes: object) -> Prescription:
    prescription.move_to(status, changed_at=clock.now(), **changes)
    announce_change(prescription)
    return prescription
