"""About this patient every reader says why first (特殊标记), or no longer."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.models import Patient, PatientMark
from visits.errors import MarkUnknown, PersonNotFound


@action
def mark_patient(*, staff: Staff, patient_id: UUID, kind: str) -> PatientMark:
    """The patient carries the mark. Repeatable. Raises PersonNotFound."""
    own = Patient.objects.filter(hospital_id=staff.hospital_id, pk=patient_id)
    patient = own.locked().first()
    if patient is None:
        raise PersonNotFound
    known = PatientMark.objects.filter(patient=patient, kind=kind, ended_at=None).first()
    if known is not None:
        return known

    mark = PatientMark(
        hospital_id=staff.hospital_id,
        patient=patient,
        kind=kind,
        set_by=staff,
        set_at=clock.now(),
    )
    write(mark)
    return mark


@action
def lift_mark(*, staff: Staff, mark_id: UUID) -> PatientMark:
    """The mark no longer holds. Repeatable. Raises MarkUnknown."""
    mark = PatientMark.objects.filter(hospital_id=staff.hospital_id, pk=mark_id).first()
    if mark is None:
        raise MarkUnknown(mark_id=mark_id)

    if PatientMark.objects.filter(pk=mark.pk, ended_at=None).take(ended_at=clock.now()):
        mark.refresh_from_db()
    return mark
