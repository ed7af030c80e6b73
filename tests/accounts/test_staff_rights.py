"""docs/staff-rights.md says what each role may open; the addresses say the same."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Role
from accounts.permissions import ByStaff
from accounts.rules import StaffRule

TABLE = Path(settings.BASE_DIR) / "docs" / "staff-rights.md"
EVERYBODY = "everybody"


def addresses(
    patterns: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address below, with its pattern."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here, pattern


def rule_of(pattern: URLPattern) -> StaffRule | ByStaff | None:
    """The rule about roles behind an address, if it has one."""
    view = pattern.callback
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    rule = getattr(cls or view, "permission", None)
    rule = getattr(rule, "within", rule)
    return rule if isinstance(rule, (StaffRule, ByStaff)) else None


def line_of(address: str, rule: StaffRule | ByStaff, *, by_badge: bool) -> str:
    """How the table says it."""
    roles = ", ".join(role for role in Role.values if role in rule.roles) or EVERYBODY
    asks = "second factor" if rule.strong else "" if by_badge else "no badge"
    return f"| `/{address}` | {roles} | {asks} |".replace("|  |", "| |")


def lines() -> list[str]:
    """Every address of staff, by address."""
    found = []
    for address, pattern in addresses(get_resolver().url_patterns):
        rule = rule_of(pattern)
        if rule is not None:
            permission = getattr(pattern.callback, "permission", rule)
            found.append(line_of(address, rule, by_badge=permission is rule))
    return sorted(found)


def test_each_staff_address_has_the_roles_that_the_table_says() -> None:
    said = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if "`/" in line]

    assert sorted(said) == lines()
