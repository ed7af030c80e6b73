"""Who works on a ward: they hear what happens there, and read about who lies there."""

from uuid import UUID

from accounts.models import Account, Role, Staff
from clinic.reach import reach_of
from common.live import StreamName
from hospitals.models import Hospital
from inpatient.identity import plain
from inpatient.models import Admission
from inpatient.words import WARD
from patients.access import show_to_family
from patients.models import Patient

WARD_ROLES = (Role.NURSE, Role.DOCTOR)


def may_follow_ward(account_id: UUID, stream: StreamName) -> bool:
    """Nurses and doctors hear what happens on the wards where they work."""
    staff = Staff.objects.filter(
        account_id=account_id,
        account__is_active=True,
        hospital_id=stream.hospital_id,
        role__in=WARD_ROLES,
    ).first()
    return staff is not None and reach_of(staff).covers(stream.subject_id)


def lies_on_ward(staff: Staff, patient: Patient) -> list[str]:
    """Nurses and doctors care for who lies on a ward where they work."""
    if staff.role not in WARD_ROLES:
        return []
    stays = Admission.objects.of_hospital(staff.hospital_id).on_ward().filter(patient=patient)
    wards = list(stays.values_list("ward_id", flat=True))
    reach = reach_of(staff) if wards else None
    return [WARD] if reach is not None and any(reach.covers(ward) for ward in wards) else []


def wears_wristband(hospital: Hospital, number: str) -> list[UUID]:
    """The patient who lies on a ward with this wristband."""
    stays = Admission.objects.of_hospital(hospital.pk).on_ward().filter(wristband=plain(number))
    return list(stays.values_list("patient_id", flat=True))


def leave_lines(account: Account, people: list[Patient]) -> None:
    """A line for each patient who is read by the family."""
    show_to_family(account_id=account.pk, patients=people, shown="stay")
