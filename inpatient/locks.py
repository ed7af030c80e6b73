"""A stay with everything it takes to settle it, locked in the house's order."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Staff
from clinic.models import Bed
from common.errors import InFlight
from inpatient.errors import AdmissionUnknown
from inpatient.models import Admission, Deposit
from payments.models import Charge
from visits.models import ORDER_PURPOSE, Order, Visit


@dataclass(frozen=True)
class Stay:
    """Locked rows; bed and visit are there once the patient was admitted."""

    admission: Admission
    bed: Bed | None
    visit: Visit | None


def lock_admission(admission_id: UUID, *, staff: Staff) -> Admission:
    """The admission of the staff member's hospital, locked. Raises AdmissionUnknown."""
    known = Admission.objects.of_hospital(staff.hospital_id).filter(pk=admission_id)
    admission = known.select_related("patient", "ward").locked().first()
    if admission is None:
        raise AdmissionUnknown(admission_id=admission_id)
    return admission


def lock_stay(admission_id: UUID, *, staff: Staff) -> Stay:
    """The stay and all its money, locked: nothing can be paid, asked, ordered or performed now.

    Raises AdmissionUnknown, or InFlight where something was asked or ordered between reading the
    charges and locking what they belong to.
    """
    charges = _charges_of(admission_id)
    list(Charge.objects.filter(pk__in=charges).locked())
    admission = lock_admission(admission_id, staff=staff)
    bed = Bed.objects.filter(admission_id=admission_id).locked().first()
    visit = Visit.objects.filter(admission=admission).locked().first()
    if not _charges_of(admission_id) <= charges:
        raise InFlight
    return Stay(admission, bed=bed, visit=visit)


def _charges_of(admission_id: UUID) -> set[UUID]:
    """Of its deposits, and of the orders that were not performed."""
    deposits = Deposit.objects.filter(admission_id=admission_id)
    orders = Order.objects.undone().filter(visit__admission=admission_id).values("pk")
    for_orders = Charge.objects.filter(purpose=ORDER_PURPOSE, subject_id__in=orders)
    return {*deposits.values_list("charge_id", flat=True), *for_orders.values_list("pk", flat=True)}
