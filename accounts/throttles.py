"""How often somebody may ask, by account, by address and by the person asked about, in the shared
cache.

By address the limits are wide: a whole hospital may stand behind one.
"""

import logging
import math
import time
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from accounts.models import Account
from common.crypto import blind_index
from common.errors import TooMany

log = logging.getLogger(__name__)
AWAY_SECONDS = 5.0  # so long a process does not ask a cache that did not answer
WINDOW_SECONDS = 60
STEP = 16  # a process tells the shared cache of so many requests at once
MOST_REMEMBERED = 20_000


class _Cache:
    """When to ask the shared cache again, after it did not answer."""

    away_until = 0.0


def is_cache_away() -> bool:
    """Whether it did not answer a moment ago: nobody waits for it again and again."""
    return time.monotonic() < _Cache.away_until


def note_cache_away() -> None:
    """It did not answer."""
    _Cache.away_until = time.monotonic() + AWAY_SECONDS
    log.warning("the shared cache is away")


def forget_counts() -> None:
    """Drop what this process counted and knows of the cache; for tests."""
    _Cache.away_until = 0.0
    _tallies.clear()


@dataclass
class _Tally:
    """What a process knows of one counter's window: all of it that was shared, and its own rest."""

    window: int
    shared: int = 0
    own: int = 0


_tallies: dict[str, _Tally] = {}


def count_in_steps(name: str, *, most: int) -> int:
    """How many there were in this minute, this one among them, as far as this process knows.

    Exact to `STEP` a process, since it asks the cache once in `STEP`: most requests do not at all.
    """
    window = int(time.time()) // WINDOW_SECONDS
    tally = _tallies.get(name)
    if tally is None or tally.window != window:
        if len(_tallies) >= MOST_REMEMBERED:
            _tallies.clear()
        tally = _tallies[name] = _Tally(window)
    tally.own += 1
    if tally.own >= min(STEP, most) and not is_cache_away():
        try:
            tally.shared, tally.own = _add(f"{name}:{window}", tally.own), 0
        except RedisError:
            note_cache_away()
    return tally.shared + tally.own


def _add(counter: str, more: int) -> int:
    """Add to a shared counter, and read it."""
    try:
        return int(cache.incr(counter, more))
    except ValueError:  # nobody has begun it
        cache.add(counter, 0, 2 * WINDOW_SECONDS)
    try:
        return int(cache.incr(counter, more))
    except ValueError:  # it ran out between the two calls
        return more


class EveryRequest(BaseThrottle):
    """Every request of the API: by account, and a visitor's by address. Open while the cache is
    away: each process then goes by its own count.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether once more in this minute is not too often."""
        account = request.user
        if isinstance(account, Account):
            kind = "reads" if request.method in SAFE_METHODS else "commands"
            who = str(account.pk)
        else:
            kind, who = "visitors", str(self.get_ident(request))
        most = settings.REQUESTS_A_MINUTE[kind]
        return count_in_steps(f"throttle:{kind}:{who}", most=most) <= most

    def wait(self) -> float:
        """Until the minute is over."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


class Counted(SimpleRateThrottle):
    """Counts each in the shared cache. While that is away, `is_open_uncounted` decides.

    Logins and tickets stay open: passwords are counted in the database besides, and nobody
    guesses a ticket. What could be guessed stays closed.
    """

    is_open_uncounted: ClassVar[bool] = True

    def allow_request(self, request: Any, view: Any) -> bool:
        """Whether once more is not too often."""
        if is_cache_away():
            return self.is_open_uncounted
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            note_cache_away()
            return self.is_open_uncounted

    def wait(self) -> float | None:
        """In how many seconds to ask again."""
        return super().wait() if hasattr(self, "history") else AWAY_SECONDS


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


class RegistrationByDocument(Counted):
    """Tries at one person's document, from however many accounts: nobody guesses the phone number
    or the name that goes with it. Counted by a blind index; the number itself is not kept.
    """

    rate = "20/hour"
    is_open_uncounted = False

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        """The counter's name; none where no document is named."""
        said = getattr(request, "data", None) or getattr(request, "POST", {})
        typed = said.get("document_number") if hasattr(said, "get") else None
        letters = [c for c in unicodedata.normalize("NFKC", str(typed or "")) if c.isalnum()]
        if not letters:
            return None
        index = blind_index("accounts.guessed_document", "".join(letters).upper())
        return f"throttle:{type(self).__name__}:{index}"


REGISTRATION = (RegistrationByAccount, RegistrationByAddress, RegistrationByDocument)


class CheckByAccount(ByAccount):
    """Times that somebody makes us ask the payment provider."""

    rate = "60/min"


def refuse_flood(request: HttpRequest | Request, *throttles: type[SimpleRateThrottle]) -> None:
    """For pages, what `throttle_classes` is for API views. Raises TooMany."""
    made = [one() for one in throttles]
    refusing = [one for one in made if not one.allow_request(request, None)]  # type: ignore[arg-type]  # reads user, META and the form alone
    if refusing:
        account_id = request.user.pk if isinstance(request.user, Account) else None
        log.warning("asked too often", extra={"code": TooMany.code, "account_id": account_id})
        raise TooMany(seconds=math.ceil(max(one.wait() or 1 for one in refusing)))
