"""Every address of the product with what fills it, from Django's own resolver."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import get_resolver
from rest_framework.views import APIView

from accounts.models import Role
from accounts.permissions import ByStaff
from common.views import View
from tests.architecture.test_urls import addresses

PART = re.compile(r"<(?:\w+:)?(\w+)>")
PROGRAMS = ("api/", "fhir/", "payments/", "wechat/", "healthz")  # what only programs ask for
PLAIN_VALUES: Mapping[str, str] = {
    "mchid": "1900000001",
    "app_id": "wx0123456789abcdef",
    "code": "ABCD-EFGH",
    "purpose": "reminders",
}


@dataclass(frozen=True)
class Address:
    """One entry of the URL map."""

    route: str
    view: Callable[..., Any]

    @property
    def parts(self) -> list[str]:
        """The names of what stands between angle brackets."""
        return PART.findall(self.route)

    @property
    def ids(self) -> list[str]:
        """Those that are keys of rows."""
        return re.findall(r"<uuid:(\w+)>", self.route)

    @property
    def is_page(self) -> bool:
        """Whether people open it in a browser."""
        return not self.route.startswith(PROGRAMS)

    @property
    def is_of_hospital(self) -> bool:
        """Whether it names a hospital."""
        return "<slug:code>" in self.route

    @property
    def is_for_staff(self) -> bool:
        """Whether staff open it; else patients or anybody."""
        by_staff = isinstance(getattr(self.cls, "permission", None), ByStaff)
        return by_staff or self.route.startswith(("staff/", "wall/"))

    @property
    def cls(self) -> type[APIView] | None:
        """The class of an API view."""
        return getattr(self.view, "cls", None)

    @property
    def takes_commands(self) -> bool:
        """Whether it is an API view of the house with POST."""
        is_ours = self.cls is not None and issubclass(self.cls, View)
        return is_ours and hasattr(self.cls, "post")

    @property
    def role(self) -> Role:
        """A role that may open the page; a doctor where any may."""
        rule = getattr(self.cls or self.view, "permission", None)
        roles = getattr(getattr(rule, "within", rule), "roles", ())
        return Role(min(roles)) if roles else Role.DOCTOR

    def path(self, known: Mapping[str, Any] | None = None, *, code: str) -> str:
        """The address filled: rows that are known, and keys of nothing for the rest."""
        fill = {**{name: uuid4() for name in self.ids}, **(known or {})}
        values = {**PLAIN_VALUES, **fill, "code": code}
        return "/" + PART.sub(lambda found: str(values[found[1]]), self.route)


EVERY = [
    Address(route, pattern.callback) for route, pattern in addresses(get_resolver().url_patterns)
]
PAGES = [one for one in EVERY if one.is_page]
API = [one for one in EVERY if one.route.startswith("api/")]


def named(chosen: list[Address]) -> dict[str, Any]:
    """Arguments of `parametrize`, each case called by its address."""
    return {"argvalues": chosen, "ids": [one.route or "first page" for one in chosen]}
