"""What interop answers when other apps ask."""

from accounts.frames import StaffLink
from accounts.models import Role, Staff
from interop.models import Received

ROLES = (str(Role.RECORDS_OFFICE), str(Role.MANAGER), str(Role.ADMINISTRATOR))


def place_of_work(staff: Staff) -> list[StaffLink]:
    """系统消息, with how many messages a person must look at."""
    if staff.role not in ROLES:
        return []
    count = Received.objects.of_hospital(staff.hospital_id).to_look_at().count()
    href = f"/staff/{staff.hospital.code}/received/"
    return [StaffLink("系统消息", href=href, order=60, icon="message", count=count)]
