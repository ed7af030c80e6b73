"""Somebody does other work (变更岗位)."""

from uuid import UUID

from accounts.errors import ServiceEnded
from accounts.models import Role, Staff, StaffChange
from accounts.roster import Roster
from common.commands import action


@action
def change_role(*, staff_id: UUID, role: str, by: Staff) -> Staff:
    """The role counts from the next request on; the same role again changes nothing.

    Raises NotAdministrator, StaffUnknown, ServiceEnded, LastAdministrator.
    """
    roster = Roster.locked(hospital=by.hospital, by=by, staff_id=staff_id)
    staff = roster.one(staff_id)
    if staff.has_left:
        raise ServiceEnded
    if staff.role == role:
        return staff
    if role != Role.ADMINISTRATOR:
        roster.refuse_last_administrator(staff)

    before, staff.role = staff.role, role
    staff.save(update_fields=["role"])
    roster.note(staff, StaffChange.What.ROLE, detail=f"{before}→{role}")
    return staff
