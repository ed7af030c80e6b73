"""A staff member is the doctor of the directory who has the same number (工号)."""

from accounts.models import Role, Staff
from clinic.models import Doctor
from common.commands import action


@action
def link_doctor(*, staff: Staff) -> bool:
    """The directory's doctor of this number, if nobody's yet, is this staff member's.

    Returns whether that is new. Other roles and other numbers change nothing.
    """
    if staff.role != Role.DOCTOR:
        return False
    free = Doctor.objects.filter(hospital_id=staff.hospital_id, number=staff.number, staff=None)
    return bool(free.update(staff=staff))
