"""谁看过我的病历, on the phone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.pages import page
from patients.frames import phone_frame
from patients.pages import hospital_or_404
from visits.who_read import in_words, lines_about

PAGE_SIZE = 20


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def who_read(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who was shown anything of the account's own record here, the newest first."""
    hospital = hospital_or_404(code)
    lines = lines_about(account_of(request).pk, hospital).order_by("-pk")
    before = _key(request.GET.get("before", ""))
    if before is not None:
        lines = lines.filter(pk__lt=before)
    rows = in_words(lines[: PAGE_SIZE + 1])
    frame = phone_frame(
        request,
        hospital,
        heading="谁看过我的病历",
        rows=rows[:PAGE_SIZE],
        older_url=f"?before={rows[PAGE_SIZE - 1].id}" if len(rows) > PAGE_SIZE else "",
        is_first=before is None,
        back_url=f"/m/{code}/me/",
    )
    return render(request, "visits/who_read.html", frame)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
