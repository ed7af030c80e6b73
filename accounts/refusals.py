"""Who is refused leaves a line in the log: a status, a code and an account, never a person.

One line says little; many of one account are an attack, which gets a line of its own.
"""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from accounts.throttles import count_in_steps

log = logging.getLogger(__name__)
NOTED = frozenset({401, 403, 404, 405, 413, 429})
MISSES_A_MINUTE = 30  # ours: a phone with an old list misses a few
Handler = Callable[[HttpRequest], HttpResponse]


class NoteRefusals:
    """Middleware: a refusal is written down; the answer stays as it is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """As without it."""
        response = self.get_response(request)
        if response.status_code in NOTED:
            _note(request, response)
        return response


def _note(request: HttpRequest, response: HttpResponse) -> None:
    told: Any = getattr(response, "data", None)
    match = request.resolver_match
    facts: dict[str, Any] = {
        "status": response.status_code,
        "code": told.get("code", "") if isinstance(told, dict) else "",
        "hospital": match.kwargs.get("code", "") if match else "",
        "account_id": _account_id(request),
    }
    log.warning("a request is refused", extra=facts)
    if response.status_code == 404 and facts["account_id"] is not None:
        _count_miss(facts)


def _account_id(request: HttpRequest) -> UUID | None:
    account = getattr(request, "user", None)
    return account.pk if isinstance(account, Account) else None


def _count_miss(facts: dict[str, Any]) -> None:
    """Asked for again and again what is not there, or not theirs: somebody tries keys out."""
    count = count_in_steps(f"misses:{facts['account_id']}", most=MISSES_A_MINUTE)
    if count >= MISSES_A_MINUTE and count % MISSES_A_MINUTE == 0:
        log.warning("an account asks for what is not there", extra={**facts, "count": count})
