"""What every page shares: who may open it, and what its frame shows."""

import functools
import json
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from common import commands
from common.errors import DomainError, Kind
from common.http import KeyedRequest, account_id_of, once

P = ParamSpec("P")
NOT_THE_MATTER = frozenset({"csrfmiddlewaretoken", "idempotency_key"})
TEXT_STEPS = ("1", "2", "3")  # the three sizes of the elder view
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
Rule = Callable[[HttpRequest], bool]


class LedElsewhere(Exception):
    """The person may open the page, once something else was done at `where`."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def page(rule: Rule, *, sign_in: str | None = None) -> Callable[[Page[P]], Page[P]]:
    """Name who may open a page; a stranger is led to `sign_in` (default: the staff's)."""

    def decorate(view: Page[P]) -> Page[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if rule(request):
                    return view(request, *args, **kwargs)
                where = sign_in or settings.LOGIN_URL
            except LedElsewhere as elsewhere:
                where = elsewhere.where
            return HttpResponseRedirect(f"{where}?{urlencode({'next': request.path})}")

        guarded.permission = rule  # type: ignore[attr-defined]  # the architecture test reads it
        return cast("Page[P]", guarded)

    return decorate


def anyone(_request: HttpRequest) -> bool:
    """Open to everybody."""
    return True


def screen_context(request: HttpRequest) -> dict[str, Any]:
    """The text size and the banner of the frame."""
    step = request.COOKIES.get("text_step", "1")
    return {
        "text_step": step if step in TEXT_STEPS else "1",
        "banner": settings.SHOWN_BANNER,
    }


def form_command(request: HttpRequest, act: Callable[[], UUID]) -> commands.Answer:
    """Carry out a page's form as one command; its key was fixed when the form was shown.

    Raises what `common.http.once` raises, and what the action raises.
    """
    posted = {name: said for name, said in request.POST.lists() if name not in NOT_THE_MATTER}
    return once(
        KeyedRequest(
            account_id=account_id_of(request),
            method="POST",
            path=request.path,
            key=request.POST.get("idempotency_key", ""),
            body=json.dumps(posted, sort_keys=True).encode(),
        ),
        status=200,
        act=act,
    )


def say_refusal(request: HttpRequest, error: DomainError, *, words: dict[str, str]) -> None:
    """Tell the person in plain words why not; `words` is by code."""
    usual = {
        Kind.BUSY: "正在处理，请稍后再试。",
        Kind.MISSING: "没有找到，可能已经变化，请刷新。",
    }
    text = words.get(error.code) or usual.get(error.kind) or f"没有办成（{error.code}）。"
    messages.error(request, text)


def set_text_step(request: HttpRequest) -> HttpResponse:
    """Remember the text size for a year and go back."""
    step = request.POST.get("step", "1")
    back = request.POST.get("back", "/")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}
    )
    response = HttpResponseRedirect(back if is_ours else "/")
    response.set_cookie(
        "text_step", step if step in TEXT_STEPS else "1", max_age=365 * 86400, samesite="Lax"
    )
    return response


set_text_step.permission = anyone  # type: ignore[attr-defined]  # the architecture test reads it
