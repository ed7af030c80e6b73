"""Who cares for a patient now, and may therefore read the record (诊疗关系)."""

from accounts.models import Role, Staff
from clinic.reach import reach_of
from common.asking import Question
from patients.models import Patient
from visits.models import Visit

# Who registers answers with the reasons this staff member has to read about the patient, or none.
care_relations: Question[[Staff, Patient], list[str]] = Question("care_relations")


def reason_to_read(staff: Staff, patient: Patient) -> str:
    """The first care relation, or nothing: then the patient is not there for this reader."""
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
