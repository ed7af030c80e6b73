"""How often somebody may ask, by account and by address, counted in the shared cache.

By address the limits are wide: a whole hospital may stand behind one.
"""

import logging
from typing import Any, ClassVar

from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import Account
from common.errors import TooMany

log = logging.getLogger(__name__)


class Counted(SimpleRateThrottle):
    """Counts in the shared cache. While that is away, `is_open_uncounted` decides.

    Logins and tickets stay open: passwords are counted in the database besides, and nobody
    guesses a ticket. What could be guessed stays closed.
    """

    is_open_uncounted: ClassVar[bool] = True

    def allow_request(self, request: Any, view: Any) -> bool:
        """Whether once more is not too often."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            log.warning("the shared cache is away")
            return self.is_open_uncounted

    def wait(self) -> float | None:
        """In how many seconds to ask again, where that is known."""
        return super().wait() if hasattr(self, "history") else None


class ByAddress(Counted):
    """Counts the address; REST_FRAMEWORK NUM_PROXIES says how many proxies may name it."""

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The counter's name."""
        return f"throttle:{type(self).__name__}:{self.get_ident(request)}"


class ByAccount(Counted):
    """Counts the account; visitors are not counted."""

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        """The counter's name."""
        account = request.user
        known = isinstance(account, Account)
        return f"throttle:{type(self).__name__}:{account.pk}" if known else None


class LoginByAddress(ByAddress):
    """Logins by WeChat."""

    rate = "600/min"


class PasswordByAddress(ByAddress):
    """Passwords tried; each name has its own limit besides."""

    rate = "120/min"


class TicketByAddress(ByAddress):
    """Tickets made or tried."""

    rate = "6000/min"


class TicketByAccount(ByAccount):
    """Tickets made."""

    rate = "60/min"


class RegistrationByAddress(ByAddress):
    """Persons registered, or guessed at."""

    rate = "600/hour"
    is_open_uncounted = False


class RegistrationByAccount(ByAccount):
    """Persons registered, or guessed at."""

    rate = "20/hour"
    is_open_uncounted = False


def refuse_flood(request: HttpRequest | Request, *throttles: type[SimpleRateThrottle]) -> None:
    """For pages, what `throttle_classes` is for API views. Raises TooMany."""
    allowed = [one().allow_request(request, None) for one in throttles]  # type: ignore[arg-type]  # reads user and META alone
    if not all(allowed):
        raise TooMany
