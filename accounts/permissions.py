"""Who may call an API view."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.at_device import device_of
from accounts.errors import NotStaffHere, PasswordChangeNeeded, SecondFactorNeeded
from accounts.rules import by_account, code_in, known_staff
from accounts.strength import is_inside, needs_proof


class ByStaff(BasePermission):
    """Staff of the hospital in the address, of these roles or of any.

    For staff of another hospital the address does not exist.
    """

    def __init__(self, *roles: str, strong: bool = False) -> None:
        self.roles = frozenset(roles)
        self.strong = strong

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for the right staff.

        Raises NotStaffHere, PasswordChangeNeeded, SecondFactorNeeded.
        """
        staff = known_staff(request)
        if staff is None:
            return False
        if staff.hospital.code != code_in(request, default=staff.hospital.code):
            raise NotStaffHere
        if self.roles and staff.role not in self.roles:
            return False
        if staff.password_until is not None:
            raise PasswordChangeNeeded
        if device_of(request) is not None:  # by badge: enough for this inside, unless it is strong
            return not self.strong and is_inside(request, staff)
        if needs_proof(request, staff, strong=self.strong):
            raise SecondFactorNeeded
        return True


class ByAccount(BasePermission):
    """A signed-in account that is not staff: patients and families."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for patients and families."""
        return by_account(request)
