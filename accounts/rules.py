"""Who may open a page, and the staff member who has opened it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from rest_framework.request import Request

from accounts.at_device import device_of
from accounts.errors import NotStaffHere
from accounts.models import Account, Staff
from accounts.strength import is_inside, needs_proof
from common.errors import SignInNeeded
from common.pages import LedElsewhere, Rule

PHONE_SIGN_IN = "/m/enter"  # where a patient's page leads a stranger
OWN_PASSWORD = "/staff/password/"  # noqa: S105 - an address
SECOND_FACTOR = "/staff/second-factor/"


def account_of(request: HttpRequest | Request) -> Account:
    """Who asks. Raises SignInNeeded for a visitor."""
    if not isinstance(request.user, Account):
        raise SignInNeeded
    return request.user


def staff_of(request: HttpRequest | Request) -> Staff:
    """The staff member who asks, with the hospital; read once a request.

    Raises NotStaffHere for a patient's account and for a visitor.
    """
    staff = known_staff(request)
    if staff is None:
        raise NotStaffHere
    return staff


def known_staff(request: HttpRequest | Request) -> Staff | None:
    """The staff member who asks, if one does."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return None
    return account.staff_row


@dataclass(frozen=True)
class StaffRule:
    """A page for the staff of the hospital in the address, of these roles or of any.

    A visitor or a patient is led to the sign-in. Of another hospital: not found. Of another
    role: refused. Who still has a one-time password is led to choose one; `strong`, or from
    outside the hospital, who has not shown a second factor is led to show it.
    """

    roles: frozenset[str]
    strong: bool = False

    def __call__(self, request: HttpRequest) -> bool:
        """Whether they may. Raises Http404, PermissionDenied, LedElsewhere."""
        staff = known_staff(request)
        if staff is None:
            return False
        if staff.hospital.code != code_in(request, default=staff.hospital.code):
            raise Http404
        if self.roles and staff.role not in self.roles:
            raise PermissionDenied
        if staff.password_until is not None:
            raise LedElsewhere(OWN_PASSWORD)
        return self.is_proved(request, staff)

    def is_proved(self, request: HttpRequest, staff: Staff) -> bool:
        """A badge at its device, inside the hospital, is proof enough for what is not strong, and
        for nothing strong.

        Raises PermissionDenied, LedElsewhere.
        """
        if device_of(request) is not None:
            if self.strong or not is_inside(request, staff):
                raise PermissionDenied
            return True
        if needs_proof(request, staff, strong=self.strong):
            raise LedElsewhere(SECOND_FACTOR)
        return True


def by_staff(*roles: str, strong: bool = False) -> StaffRule:
    """Staff of these roles, or of any; `strong` for what asks for the second factor (refunds,
    exports, stop-clinic).
    """
    return StaffRule(frozenset(roles), strong)


def by_staff_halfway(request: HttpRequest) -> bool:
    """A staff member who may not have shown everything yet: for the pages where one shows it.

    Not by badge: password and second factor are for who came by password.
    """
    return known_staff(request) is not None and device_of(request) is None


def not_by_badge(rule: Rule) -> Rule:
    """The same page, but not in a session that a badge opened: this asks for the password.

    A badge is strong enough for bedside acts, never for administration, exports and refunds.
    """

    def is_allowed(request: HttpRequest) -> bool:
        if not rule(request):
            return False
        if device_of(request) is not None:
            raise PermissionDenied
        return True

    is_allowed.within = rule  # type: ignore[attr-defined]  # the table of rights reads it
    return is_allowed


def by_account(request: HttpRequest | Request) -> bool:
    """A page for patients and families: a signed-in account that is not staff.

    Use as `@page(by_account, sign_in=PHONE_SIGN_IN)`.
    """
    account = request.user
    return isinstance(account, Account) and account.is_active and known_staff(request) is None


def code_in(request: HttpRequest | Request, *, default: str = "") -> str:
    """The hospital code in the address, if it has one."""
    match = request.resolver_match
    return str(match.kwargs.get("code", default)) if match else default
