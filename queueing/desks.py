"""Whose queues are whose: a doctor's own, those they stand in for, the desk's departments."""

from accounts.models import Role, Staff
from booking.models import Session
from clinic.reach import Reach, reach_of


def covers_session(reach: Reach, session: Session, *, role: str) -> bool:
    """Whether somebody with this reach works at the session's queue."""
    if role == Role.DOCTOR:
        return reach.acts_as(session.doctor.staff_id, department_id=session.department_id)
    return reach.covers(session.department_id)


def may_work_at(session: Session, *, staff: Staff) -> bool:
    """Whether they call from this session's queue now."""
    if staff.role == Role.DOCTOR and session.doctor.staff_id == staff.pk:
        return True
    return covers_session(reach_of(staff), session, role=staff.role)
