"""How many people a staff member may be shown in a day (每日查阅上限), counted from the lines.

There is no counter to drift. Who treats is never refused, since care must not stop: beyond their
wide limit the auditor hears of it. Offices are refused, and a manager or auditor may allow more.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Sum

from accounts.models import Role, Staff
from common import clock
from hospitals.policy import policy_of
from patients.errors import ReadQuota
from patients.models import AccessLine, ReadAllowance

IN_CARE = frozenset({Role.DOCTOR, Role.NURSE, Role.TRIAGE, Role.PHARMACIST})
ALARM_PERCENT = 80  # from here on the auditor hears of it


def midnight(on: date) -> datetime:
    """When the hospital's date began."""
    return datetime.combine(on, time(0, 0), tzinfo=clock.HOSPITAL_ZONE)


def people_shown(staff: Staff) -> set[UUID]:
    """The different people whom the staff member was shown today."""
    today = AccessLine.objects.of_staff(staff).since(midnight(clock.today()))
    return set(today.order_by().values_list("patient_id", flat=True).distinct())


def people_a_day(staff: Staff) -> int:
    """The limit today, with what was allowed beyond the policy's."""
    policy = policy_of(staff.hospital_id, now=clock.now())
    usual = policy.people_a_day_in_care
    if staff.role not in IN_CARE:
        usual = policy.people_a_day_in_offices
    more = ReadAllowance.objects.filter(
        hospital_id=staff.hospital_id, staff=staff, on=clock.today()
    ).aggregate(more=Sum("more"))["more"]
    return usual + (more or 0)


def refuse_too_many(staff: Staff, patient_ids: Iterable[UUID]) -> None:
    """Raises ReadQuota where an office would be shown more people than it may today."""
    if staff.role in IN_CARE:
        return
    limit = people_a_day(staff)
    if len(people_shown(staff).union(patient_ids)) > limit:
        raise ReadQuota(limit=limit)
