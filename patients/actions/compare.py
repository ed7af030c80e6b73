"""New patients are compared with those the hospital knows (疑似重复)."""

from uuid import UUID

from common import clock
from common.commands import action
from common.crypto import blind_index
from common.jobs import sweep_each
from patients.actions.open_review import open_merge_review
from patients.details import same_name
from patients.models import MergeReason, Patient
from patients.people import lock_groups_of

COMPARE = "compare_patients"  # the timer
BATCH = 100
MOST_ALIKE = 5  # a phone, name and birth date that more share say nothing about two of them


@action
def compare_patient(*, patient_id: UUID) -> bool:
    """Whoever has the same name, birth date, sex and phone is under merge review with them.

    They came with another document, or they would have been found by it. No registration waits
    for this or is refused (domain J1). Raises InFlight; the next sweep tries again.
    """
    patient = Patient.objects.get(pk=patient_id)
    if patient.compared_at is not None:
        return False

    others = _alike(patient)
    if others:
        lock_groups_of(patient, *others)
    for other in others:
        open_merge_review(first=patient, second=other, reason=MergeReason.SAME_DETAILS)
    return Patient.objects.filter(pk=patient_id).update(compared_at=clock.now()) == 1


def _alike(patient: Patient) -> list[Patient]:
    if not patient.phone_index:
        return []
    same = Patient.objects.filter(
        hospital_id=patient.hospital_id,
        phone_index=blind_index("patient.phone", patient.phone),
        born_on=patient.born_on,
        sex=patient.sex,
    ).exclude(pk=patient.pk)
    alike = [one for one in same.order_by("pk")[:BATCH] if same_name(one.name, patient.name)]
    return alike if len(alike) <= MOST_ALIKE else []


def compare_patients() -> int:
    """The sweep: one command for each patient who was not compared yet. Returns how many."""
    due = Patient.objects.filter(compared_at=None).order_by("pk")
    return sweep_each(due, lambda key: compare_patient(patient_id=key), batch=BATCH)
