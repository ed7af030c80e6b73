"""A doctor wants a patient admitted (住院证), or wants it no longer."""

from datetime import date
from uuid import UUID

from accounts.models import Staff
from clinic.models import Bed
from common import clock
from common.commands import action, write
from common.errors import MoveRefused
from common.live import announce
from inpatient.bill import bill_of
from inpatient.errors import AlreadyAsked, DateGone, NotTheirDoctor, WardUnknown
from inpatient.locks import lock_stay
from inpatient.models import Admission
from inpatient.words import STAY_WITHDRAWN
from patients.models import Patient, Scope
from payments.actions.charge import withdraw_charge
from payments.actions.refund import promise_refund
from payments.models import Charge
from visits.care import care_relation


@action
def ask_admission(*, patient_id: UUID, ward_id: UUID, wanted_on: date, doctor: Staff) -> Admission:
    """The patient waits for a bed of the ward from that day on.

    Raises NotTheirDoctor, WardUnknown, DateGone, AlreadyAsked.
    """
    own = Patient.objects.filter(hospital_id=doctor.hospital_id, pk=patient_id)
    patient = own.locked().first()
    if patient is None or not care_relation(doctor, patient):
        raise NotTheirDoctor(patient_id=patient_id)
    if not Bed.objects.filter(hospital_id=doctor.hospital_id, ward_id=ward_id).exists():
        raise WardUnknown(ward_id=ward_id)
    if wanted_on < clock.today():
        raise DateGone(wanted_on=wanted_on)
    known = Admission.objects.of_hospital(doctor.hospital_id).live().filter(patient=patient).first()
    if known is not None:
        raise AlreadyAsked(admission_id=known.pk)

    admission = Admission(
        hospital_id=doctor.hospital_id,
        patient=patient,
        ward_id=ward_id,
        wanted_on=wanted_on,
        asked_by=doctor,
        asked_at=clock.now(),
    )
    write(admission)
    _tell(admission, "admission_asked")
    return admission


@action
def withdraw_admission(*, admission_id: UUID, staff: Staff) -> Admission:
    """The patient will not be admitted; what was paid goes back. Repeatable.

    Raises AdmissionUnknown, MoveRefused, InFlight.
    """
    admission = lock_stay(admission_id, staff=staff).admission
    if admission.status == Admission.Status.WITHDRAWN:
        return admission
    if not admission.can_move_to(Admission.Status.WITHDRAWN):
        raise MoveRefused(now=admission.status, asked=Admission.Status.WITHDRAWN)

    for deposit in bill_of(admission).deposits:
        if deposit.charge.status == Charge.Status.PAID:
            promise_refund(charge=deposit.charge, reason=STAY_WITHDRAWN)
        else:
            withdraw_charge(charge=deposit.charge)
    admission.move_to(Admission.Status.WITHDRAWN)
    _tell(admission, "admission_withdrawn")
    return admission


def _tell(admission: Admission, kind: str) -> None:
    announce(admission.ward_stream, kind, admission_id=admission.pk)
    announce(admission.day_stream, kind, needs=Scope.INPATIENT, admission_id=admission.pk)
