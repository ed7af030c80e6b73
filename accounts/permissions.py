"""Who may call an API view."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.errors import NotStaffHere
from accounts.rules import by_account, code_in, known_staff


class ByStaff(BasePermission):
    """Staff of the hospital in the address, of these roles or of any.

    For staff of another hospital the address does not exist.
    """

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for the right staff. Raises NotStaffHere."""
        staff = known_staff(request)
        if staff is None:
            return False
        if staff.hospital.code != code_in(request, default=staff.hospital.code):
            raise NotStaffHere
        return not self.roles or staff.role in self.roles


class ByAccount(BasePermission):
    """A signed-in account that is not staff: patients and families."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for patients and families."""
        return by_account(request)
