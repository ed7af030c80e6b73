"""Reading the ways in that are open: one's own, and whether some still are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices

from accounts.models import Account, PageSession, Token
from accounts.models.session import Login, System
from common import clock

MOST_SHOWN = 50  # of each kind; an account has no more tokens than `issue_token` leaves it


class Kind(TextChoices):
    """What was opened."""

    MINI_PROGRAM = "mini_program", "微信小程序"
    WEB_VIEW = "web_view", "小程序里的网页"
    STAFF_BROWSER = "staff_browser", "职工浏览器"


@dataclass(frozen=True)
class OpenLogin:
    """A way in as its owner sees it. `used_at` is to the hour."""

    id: UUID
    kind: str
    system: str
    made_at: datetime
    used_at: datetime
    is_current: bool

    @property
    def kind_label(self) -> str:
        """What was opened, in words."""
        return str(Kind(self.kind).label)

    @property
    def system_label(self) -> str:
        """On what, in words."""
        return str(System(self.system).label)


def logins_of(account: Account, *, asking: Login | None) -> list[OpenLogin]:
    """Every way into the account that is open: the one that asks and the one that opened it first,
    then the newest.
    """
    current = {asking.login_id, getattr(asking, "opened_by_id", None)} if asking else set()
    now = clock.real_now()
    tokens = Token.objects.filter(user=account, expiry__gt=now).order_by("-made_at")
    sessions = PageSession.objects.filter(account=account, expire_date__gt=now)
    of_page = Kind.WEB_VIEW if account.staff_row is None else Kind.STAFF_BROWSER
    views = sessions.order_by("-made_at")
    found = [_shown(row, Kind.MINI_PROGRAM, current=current) for row in tokens[:MOST_SHOWN]]
    found += [_shown(row, of_page, current=current) for row in views[:MOST_SHOWN]]
    found.sort(key=lambda one: one.made_at, reverse=True)
    return sorted(found, key=lambda one: not one.is_current)


def _shown(row: Login, kind: Kind, *, current: set[UUID | None]) -> OpenLogin:
    return OpenLogin(
        id=row.login_id,
        kind=kind,
        system=row.system,
        made_at=row.made_at,
        used_at=row.used_at,
        is_current=row.login_id in current,
    )


def still_open(login_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these ways in that open something now, in two statements."""
    asked, now = list(login_ids), clock.real_now()
    tokens = Token.objects.filter(login_id__in=asked, expiry__gt=now, user__is_active=True)
    sessions = PageSession.objects.filter(
        login_id__in=asked, expire_date__gt=now, account__is_active=True
    )
    return {
        *tokens.values_list("login_id", flat=True),
        *sessions.values_list("login_id", flat=True),
    }
