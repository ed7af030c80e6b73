"""Somebody begins to work in the hospital, or comes back."""

from dataclasses import dataclass
from uuid import UUID

from accounts.errors import NumberTaken, StillInService
from accounts.models import Account, Staff, StaffChange
from accounts.passwords import ONE_TIME_FOR, OneTimePassword
from accounts.roster import Roster
from common import clock
from common.commands import action, write
from hospitals.models import Hospital

UNUSABLE = "!"  # no password fits: they sign in through the hospital's own service
What = StaffChange.What


@dataclass(frozen=True)
class Post:
    """Who is to work here (岗位)."""

    number: str
    name: str
    role: str


def username_of(hospital: Hospital, number: str) -> str:
    """What they sign in with; numbers repeat between hospitals, names to sign in with do not."""
    return f"{hospital.code}-{number}".lower()


@action
def hire_staff(
    *, hospital: Hospital, post: Post, password: OneTimePassword | None, by: Staff | None
) -> Staff:
    """The person can sign in, with a password that must be changed first (入职).

    Raises NotAdministrator, NumberTaken.
    """
    now = clock.now()
    roster = Roster.locked(hospital=hospital, by=by)
    username = username_of(hospital, post.number)
    there = Staff.objects.of_hospital(hospital.pk).filter(number=post.number).exists()
    if there or Account.objects.filter(username=username).exists():
        raise NumberTaken(number=post.number)

    hashed = password.hashed if password else UNUSABLE
    account = Account(username=username, password=hashed, made_at=now)
    staff = Staff(
        hospital=hospital,
        account=account,
        number=post.number,
        name=post.name,
        role=post.role,
        password_until=now + ONE_TIME_FOR if password else None,
    )
    write(account)
    write(staff)
    roster.note(staff, What.HIRED, detail=post.role)
    return staff


@action
def return_to_service(*, staff_id: UUID, role: str, password: OneTimePassword, by: Staff) -> Staff:
    """Who had left works here again (复职), from a new start: nothing of the old access is back.

    Raises NotAdministrator, StaffUnknown, StillInService.
    """
    roster = Roster.locked(hospital=by.hospital, by=by, staff_id=staff_id)
    staff = roster.one(staff_id)
    if not staff.has_left:
        raise StillInService

    staff.ended_at, staff.role = None, role
    staff.password_until = clock.now() + ONE_TIME_FOR
    staff.save(update_fields=["ended_at", "role", "password_until"])
    staff.account.is_active, staff.account.password = True, password.hashed
    staff.account.save(update_fields=["is_active", "password"])
    roster.note(staff, What.RETURNED, detail=role)
    return staff
