"""Where somebody sees their own logins and ends those they do not want: the page of the staff, and
what it shares with the phone's.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions.end_login import end_login, end_other_logins
from accounts.authentication import login_id_of, login_of
from accounts.frames import staff_frame
from accounts.logins import logins_of
from accounts.models import Account
from accounts.rules import account_of, by_staff
from common.errors import DomainError
from common.pages import form_command, page, say_refusal

WORDS = {"accounts.login_unknown": "这个登录已经退出了。"}
OTHERS = "others"


@require_http_methods(["GET", "POST"])
@page(by_staff())
def staff_logins(request: HttpRequest, code: str) -> HttpResponse:
    """One's own browsers, at whichever desk they were left open."""
    if request.method == "POST":
        end_what_is_asked(request)
        return redirect(request.path)
    frame = staff_frame(
        request, heading="我的登录", back_url=f"/staff/{code}/", **shown_to(request)
    )
    return render(request, "accounts/logins.html", frame)


def shown_to(request: HttpRequest) -> dict[str, Any]:
    """What the shared part of the page needs."""
    logins = logins_of(account_of(request), asking=login_of(request))
    return {
        "logins": logins,
        "has_others": any(not one.is_current for one in logins),
        "idempotency_key": uuid4(),
    }


def end_what_is_asked(request: HttpRequest) -> None:
    """End one login or all others; a refusal is said on the page."""
    account, asked = account_of(request), request.POST.get("login_id", "")
    try:
        form_command(request, lambda: _end(account, asked=asked, keep=login_id_of(request)))
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
    else:
        messages.success(request, "已经退出其他登录。" if asked == OTHERS else "已经退出。")


def _end(account: Account, *, asked: str, keep: UUID | None) -> UUID:
    if asked == OTHERS and keep is not None:
        return end_other_logins(account=account, keep=keep)
    return end_login(account=account, login_id=_key(asked))


def _key(asked: str) -> UUID:
    """A key that no login has, where none can be read."""
    try:
        return UUID(asked)
    except ValueError:
        return UUID(int=0)
