"""What one agreed to, and what stops when one takes it back."""

import functools
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.entrance import safe_next
from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from patients.actions.consent import give_consent, withdraw_consent
from patients.consents import refuse_without_consent, standings_of
from patients.errors import ConsentNeeded
from patients.frames import phone_frame
from patients.pages import hospital_or_404

CONSENT_WORDS = {"patients.consent_unknown": "条款已经更新，请重新阅读后再同意。"}


@page(by_account, sign_in=PHONE_SIGN_IN)
def consents(request: HttpRequest, code: str) -> HttpResponse:
    """`/m/{code}/me/consents/`: each purpose by itself."""
    hospital = hospital_or_404(code)
    home = f"/m/{code}/"
    onward = safe_next(request.GET.get("next", ""), under=home, default=request.path)
    if request.method == "POST":
        try:
            form_command(request, lambda: _said(request, hospital))
        except DomainError as refusal:
            say_refusal(request, refusal, words=CONSENT_WORDS)
            return redirect(request.get_full_path())
        messages.success(request, "已经记下。")
        return redirect(onward if request.POST.get("act") == "give" else request.path)
    rows = standings_of(account_of(request).pk, hospital)
    frame = phone_frame(
        request, hospital, heading="授权与同意", rows=[(row, uuid4()) for row in rows]
    )
    return render(request, "patients/consents.html", frame)


def _said(request: HttpRequest, hospital: Hospital) -> UUID:
    purpose, account = request.POST.get("purpose", ""), account_of(request)
    if request.POST.get("act") != "give":
        return withdraw_consent(account=account, hospital=hospital, purpose=purpose).pk
    said = request.POST.get("version", "")
    version = int(said) if said.isascii() and said.isdecimal() else 0
    return give_consent(account=account, hospital=hospital, purpose=purpose, version=version).pk


def with_consent(
    purpose: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page that is shown after the account agreed to the newest words for the purpose.

    Stands below `@page`, which knows who asks. Others are led to the words and back.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, code: str, **more: UUID) -> HttpResponse:
            hospital = hospital_or_404(code)
            try:
                refuse_without_consent(account_of(request), hospital, purpose=purpose)
            except ConsentNeeded:
                where = f"/m/{code}/me/consents/?{urlencode({'next': request.path})}"
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=204, headers={"HX-Redirect": where})
                return redirect(where)
            return view(request, code=code, **more)

        return guarded

    return decorate
