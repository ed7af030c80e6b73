"""Read without a care relation, or about a marked person, for a reason (紧急查阅)."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Role, Staff
from common import clock
from common.commands import action, write
from notifications.actions.open_task import open_task
from notifications.actions.promise import promise_message
from patients.asked_first import open_glass
from patients.errors import PatientUnknown
from patients.models import REVIEW_WITHIN, BreakGlass, Patient
from patients.quota import IN_CARE, midnight
from visits.care import care_relation
from visits.errors import NotForThisRole, ReasonTooShort

HOLDS_FOR = timedelta(minutes=30)
SHORTEST_REASON = 10  # characters
TOLD = "record_opened"  # the patient's message
TO_REVIEW = "review_break_glass"  # the auditor's task


@action
def break_glass(*, staff: Staff, patient_id: UUID, kind: str, words: str) -> BreakGlass:
    """The staff member may read about this one patient, who is told; the auditor has to review it.

    For 30 minutes; for the rest of the day where a care relation is there, and only the patient's
    mark asked for the reason. Asked again while it holds, it stays one. Raises PatientUnknown,
    ReasonTooShort, NotForThisRole.
    """
    now = clock.now()
    own = Patient.objects.filter(hospital_id=staff.hospital_id, pk=patient_id)
    patient = own.locked().first()
    if patient is None:
        raise PatientUnknown(patient_id=patient_id)
    if len("".join(words.split())) < SHORTEST_REASON:
        raise ReasonTooShort(shortest=SHORTEST_REASON)
    relation = care_relation(staff, patient)
    if staff.role not in IN_CARE and not relation:
        raise NotForThisRole(role=staff.role)
    held = open_glass(staff, patient.pk)
    if held is not None:
        return held

    glass = BreakGlass(
        hospital_id=staff.hospital_id,
        patient=patient,
        staff=staff,
        kind=kind,
        words=words.strip(),
        made_at=now,
        until=_until(now, is_treating=bool(relation)),
    )
    write(glass)
    promise_message(template=TOLD, patient=patient, about=glass)
    open_task(
        role=Role.AUDITOR,
        kind=TO_REVIEW,
        about=glass,
        hospital=staff.hospital,
        due_at=now + REVIEW_WITHIN,
    )
    return glass


def _until(now: datetime, *, is_treating: bool) -> datetime:
    if is_treating:
        return midnight(clock.local(now).date() + timedelta(days=1))
    return now + HOLDS_FOR
