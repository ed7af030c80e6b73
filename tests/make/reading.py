"""Urgent readings and marks, as staff make them at their pages."""

from accounts.models import Role, Staff
from patients.models import BreakGlass, Patient, PatientMark
from tests.make.accounts import staff as make_staff
from tests.make.notifications import template
from visits.actions.break_glass import TOLD, break_glass
from visits.actions.mark import mark_patient

WHY = "患者昏迷，需核对用药史和过敏史"


def reader(patient: Patient, *, role: str = Role.DOCTOR, name: str = "郑重") -> Staff:
    """A staff member of the patient's hospital who has nothing to do with the patient."""
    return make_staff(hospital=patient.hospital, role=role, name=name)


def glass(patient: Patient, *, staff: Staff | None = None) -> BreakGlass:
    """A doctor reads urgently."""
    who = staff or reader(patient)
    kind = BreakGlass.Kind.EMERGENCY
    return break_glass(staff=who, patient_id=patient.pk, kind=kind, words=WHY)


def marked(patient: Patient, *, kind: str = PatientMark.Kind.EMPLOYEE) -> PatientMark:
    """About this patient a reason is always asked."""
    office = make_staff(hospital=patient.hospital, role=Role.RECORDS_OFFICE, name="方正")
    return mark_patient(staff=office, patient_id=patient.pk, kind=kind)


def told_template(patient: Patient) -> None:
    """The hospital has words for telling the patient."""
    template(
        hospital=patient.hospital,
        code=TOLD,
        title="有人查阅了您的信息",
        body="{hospital}的工作人员在{told_at}查阅了您的信息。",
        fields={},
        is_sensitive=True,
    )
