"""What records answer when other apps ask."""

from accounts.frames import StaffLink
from accounts.models import Role, Staff
from common import clock
from patients.models import Patient
from records.actions.take import REASON
from records.models import CopyRequest

ROLE = str(Role.RECORDS_OFFICE)


def place_of_work(staff: Staff) -> list[StaffLink]:
    """病案室, for its clerks."""
    if staff.role != ROLE:
        return []
    href = f"/staff/{staff.hospital.code}/records/"
    return [StaffLink("病案复印", href=href, order=40, icon="paper")]


def open_request(staff: Staff, patient: Patient) -> list[str]:
    """The clerk has taken a request for the patient's records that is still open."""
    requests = CopyRequest.objects.of_clerk(staff).open(clock.now()).filter(patient=patient)
    return [REASON] if requests.exists() else []
