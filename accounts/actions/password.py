"""A password is reset by an administrator, or changed by the person."""

from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.actions.leave_service import shut_out
from accounts.actions.sign_in import forget_tries, note_try, refuse_surplus_tries, tries_of
from accounts.errors import PasswordWeak, ServiceEnded, SignInRefused
from accounts.models import Staff, StaffChange
from accounts.passwords import ONE_TIME_FOR, OneTimePassword, refuse_weak
from accounts.roster import Roster, note_own
from common import clock
from common.commands import action
from hospitals.models import Hospital

What = StaffChange.What


@action
def reset_password(
    *, staff_id: UUID, password: OneTimePassword, hospital: Hospital, by: Staff | None
) -> Staff:
    """The old password opens nothing, nor what it had opened; the new one must be changed first.

    Raises NotAdministrator, StaffUnknown, ServiceEnded.
    """
    roster = Roster.locked(hospital=hospital, by=by, staff_id=staff_id)
    staff = roster.one(staff_id)
    if staff.has_left:
        raise ServiceEnded

    staff.password_until = clock.now() + ONE_TIME_FOR
    staff.save(update_fields=["password_until"])
    staff.account.password = password.hashed
    staff.account.save(update_fields=["password"])
    shut_out(staff.account)
    forget_tries(username_index=tries_of(staff.account.username or ""))
    roster.note(staff, What.PASSWORD)
    return staff


def change_own_password(*, staff: Staff, current: str, new: str) -> None:
    """The person chose the password; whatever the old one had opened is closed.

    Wrong ones are counted with those of signing in, each in a command of its own. Raises
    SignInLocked, SignInRefused, PasswordWeak.
    """
    index = tries_of(staff.account.username or "")
    note_try(username_index=index)
    refuse_surplus_tries(username_index=index)
    if not staff.account.check_password(current):
        raise SignInRefused
    forget_tries(username_index=index)
    if new == current:
        raise PasswordWeak(reasons=["password_same"])
    refuse_weak(new, account=staff.account)
    keep_own_password(staff=staff, hashed=make_password(new))


@action
def keep_own_password(*, staff: Staff, hashed: str) -> None:
    """The hash is the account's, unless the service ended meanwhile. Raises ServiceEnded."""
    found = Staff.objects.filter(pk=staff.pk).locked().select_related("account").get()
    if found.has_left:
        raise ServiceEnded

    found.password_until, staff.password_until = None, None
    found.save(update_fields=["password_until"])
    found.account.password = staff.account.password = hashed
    found.account.save(update_fields=["password"])
    shut_out(found.account)
    note_own(found, What.OWN_PASSWORD)
