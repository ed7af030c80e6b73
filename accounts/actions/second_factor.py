"""The second factor is bound, used and removed (动态口令)."""

import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from accounts.actions.sign_in import forget_tries, note_try, refuse_surplus_tries
from accounts.codes import digest_of, new_recovery_codes, new_secret, step_of
from accounts.errors import CodeRefused, SecondFactorThere, SecondFactorUnknown, ServiceEnded
from accounts.models import RecoveryCode, SecondFactor, Staff, StaffChange
from accounts.roster import Roster, note_own
from common import clock
from common.commands import action, write
from common.crypto import blind_index
from common.logs import refusal_noted

log = logging.getLogger(__name__)
What = StaffChange.What
R = TypeVar("R")


@action
def begin_second_factor(*, staff: Staff) -> SecondFactor:
    """A fresh secret to be scanned; it counts for nothing until a code of it is confirmed.

    Raises SecondFactorThere, ServiceEnded.
    """
    found = Staff.objects.filter(pk=staff.pk).locked().get()
    if found.has_left:
        raise ServiceEnded
    factors = SecondFactor.objects.filter(account_id=found.account_id)
    if factors.exclude(confirmed_at=None).exists():
        raise SecondFactorThere

    factors.delete()
    begun = SecondFactor(
        hospital_id=found.hospital_id, account_id=found.account_id, secret=new_secret()
    )
    write(begun)
    return begun


def confirm_second_factor(*, staff: Staff, code: str) -> list[str]:
    """The authenticator proved that it knows the secret. Returns the recovery codes, shown once.

    Raises SignInLocked, SecondFactorUnknown, CodeRefused.
    """
    return _counted(staff, lambda: _confirm(staff=staff, code=code))


@action
def _confirm(*, staff: Staff, code: str) -> list[str]:
    begun = SecondFactor.objects.filter(account_id=staff.account_id, confirmed_at=None).first()
    if begun is None:
        raise SecondFactorUnknown
    step = step_of(code, secret=begun.secret, now=clock.real_now())
    if step is None:
        raise CodeRefused
    waiting = SecondFactor.objects.filter(pk=begun.pk, confirmed_at=None)
    if not waiting.take(confirmed_at=clock.now(), last_step=step):
        raise SecondFactorUnknown

    codes = new_recovery_codes()
    for one in codes:
        write(RecoveryCode(factor=begun, digest=digest_of(one)))
    note_own(staff, What.FACTOR)
    return codes


def use_second_factor(*, staff: Staff, code: str) -> SecondFactor:
    """The code was right and is spent: it never opens again. A recovery code does as well.

    Wrong ones are counted and lock, each in a command of its own. Raises SignInLocked,
    SecondFactorUnknown, CodeRefused.
    """
    return _counted(staff, lambda: spend_code(staff=staff, code=code))


@action
def spend_code(*, staff: Staff, code: str) -> SecondFactor:
    """Of any number who try the same code, one succeeds.

    Raises SecondFactorUnknown, CodeRefused.
    """
    bound = SecondFactor.objects.filter(account_id=staff.account_id).exclude(confirmed_at=None)
    factor = bound.first()
    if factor is None:
        raise SecondFactorUnknown
    step = step_of(code.strip(), secret=factor.secret, now=clock.real_now())
    if step is None:
        unused = RecoveryCode.objects.filter(factor=factor, used_at=None, digest=digest_of(code))
        if not unused.take(used_at=clock.now()):
            raise CodeRefused
    elif not bound.filter(last_step__lt=step).take(last_step=step):
        raise CodeRefused
    return factor


@action
def remove_second_factor(*, staff_id: UUID, by: Staff) -> Staff:
    """Telephone and recovery codes are lost: the person binds a new one, inside the hospital.

    Raises NotAdministrator, StaffUnknown, SecondFactorUnknown.
    """
    roster = Roster.locked(hospital=by.hospital, by=by, staff_id=staff_id)
    staff = roster.one(staff_id)
    factors = SecondFactor.objects.filter(account_id=staff.account_id)
    if not factors.exists():
        raise SecondFactorUnknown

    factors.delete()
    roster.note(staff, What.FACTOR_REMOVED)
    return staff


def _counted(staff: Staff, attempt: Callable[[], R]) -> R:
    """Let a code be looked at if few were wrong of late; a right one forgets the wrong ones."""
    index = blind_index("account.username", f"second factor of {staff.account_id}")
    with refusal_noted(log, "a second factor is refused", staff_id=staff.pk):
        note_try(username_index=index)
        refuse_surplus_tries(username_index=index)
        result = attempt()
    forget_tries(username_index=index)
    return result
