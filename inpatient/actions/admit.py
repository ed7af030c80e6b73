"""A nurse takes a patient onto the ward (入院)."""

from uuid import UUID

from accounts.models import Staff
from clinic.models import Bed
from common import clock
from common.commands import action
from common.errors import MoveRefused
from common.live import announce
from inpatient.errors import BedTaken, BedUnknown, IdentityDiffers
from inpatient.identity import Given, new_wristband
from inpatient.locks import lock_admission
from inpatient.models import Admission
from inpatient.words import ADMITTED
from notifications.actions.promise import promise_message
from patients.models import Scope
from visits.actions.visit import begin_stay


@action
def admit(*, admission_id: UUID, bed_id: UUID, given: Given, nurse: Staff) -> Admission:
    """The patient lies in the bed, has a wristband, and a stay has begun. The same bed again is
    the same admission.

    Raises AdmissionUnknown, MoveRefused, IdentityDiffers, BedUnknown, BedTaken, InFlight.
    """
    admission = lock_admission(admission_id, staff=nurse)
    if admission.is_on_ward and admission.bed_id == bed_id:
        return admission
    if not admission.can_move_to(Admission.Status.ADMITTED):
        raise MoveRefused(now=admission.status, asked=Admission.Status.ADMITTED)
    if not given.is_of(admission.patient):
        raise IdentityDiffers(admission_id=admission_id)
    beds = Bed.objects.filter(hospital_id=nurse.hospital_id, ward=admission.ward_id, pk=bed_id)
    if not beds.exists():
        raise BedUnknown(bed_id=bed_id)
    if beds.claim_one(admission_id=admission.pk) is None:
        raise BedTaken(bed_id=bed_id)

    admission.move_to(
        Admission.Status.ADMITTED,
        visit=begin_stay(patient=admission.patient, ward=admission.ward),
        bed_id=bed_id,
        wristband=new_wristband(),
        admitted_by=nurse,
        admitted_at=clock.now(),
    )
    announce(admission.ward_stream, "admitted", admission_id=admission.pk, bed_id=bed_id)
    announce(admission.day_stream, "admitted", needs=Scope.INPATIENT, admission_id=admission.pk)
    promise_message(template=ADMITTED, patient=admission.patient, about=admission)
    return admission
