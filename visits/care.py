"""Who cares for a patient now, and may therefore read the record (诊疗关系)."""

from accounts.models import Role, Staff
from clinic.reach import reach_of
from common.asking import Question
from notifications.models import Task
from patients.asked_first import open_glass
from patients.models import Patient
from visits.models import Visit

BREAK_GLASS = "break-glass"  # the reason of a line that an urgent reading leaves
TASK = "task"

# Who registers answers with the reasons this staff member has to read about the patient, or none.
care_relations: Question[[Staff, Patient], list[str]] = Question("care_relations")


def reason_to_read(staff: Staff, patient: Patient) -> str:
    """The first care relation, or an urgent reading that still holds, or nothing.

    With nothing the patient is not there for this reader.
    """
    relation = care_relation(staff, patient)
    if not relation and staff.hospital_id == patient.hospital_id and open_glass(staff, patient.pk):
        return BREAK_GLASS
    return relation


def care_relation(staff: Staff, patient: Patient) -> str:
    """The first care relation, or nothing: what allows acts, which an urgent reading does not."""
    if staff.hospital_id != patient.hospital_id:
        return ""
    return next((reason for answer in care_relations.ask(staff, patient) for reason in answer), "")


def visit_in_department(staff: Staff, patient: Patient) -> list[str]:
    """The patient's open visit is to a department where the doctor works now."""
    if staff.role != Role.DOCTOR:
        return []
    visits = Visit.objects.open().filter(
        hospital_id=staff.hospital_id,
        patient=patient,
        department__in=reach_of(staff).departments,
    )
    return ["open visit"] if visits.exists() else []


def open_task(staff: Staff, patient: Patient) -> list[str]:
    """The staff member's role has something to finish for the patient."""
    tasks = Task.objects.of_staff(staff).open().filter(patient=patient)
    return [TASK] if tasks.exists() else []
