"""The base of every API view: each names who may use it."""

from typing import Any, ClassVar, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView


class Anyone(BasePermission):
    """Open to everybody, signed in or not."""


class SignedIn(BasePermission):
    """Any account, whatever it may do."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for a known account."""
        return bool(request.user.is_authenticated)


class View(APIView):
    """An API view whose `permission` says who may use it; a test finds a view without."""

    permission: ClassVar[BasePermission]

    def get_permissions(self) -> list[Any]:
        """The one permission."""
        return [self.permission]

    def get_throttles(self) -> list[BaseThrottle]:
        """The one of every request, and the view's own, which is tighter."""
        every = cast("list[type[BaseThrottle]]", list(api_settings.DEFAULT_THROTTLE_CLASSES))
        every += self.throttle_classes
        return [throttle() for throttle in dict.fromkeys(every)]
