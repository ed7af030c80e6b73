"""Where a reader must say why first, or has read enough, the page says so instead of failing."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.frames import staff_frame
from accounts.rules import code_in, known_staff
from patients.errors import ReadQuota, ReasonNeeded
from visits.words import REFUSALS


class AskForReason:
    """A staff page that shows a marked person leads to the form that asks why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """As without it."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """Only for staff, and only these two refusals; all others go on."""
        if known_staff(request) is None:
            return None
        if isinstance(trouble, ReasonNeeded):
            return _ask(request, trouble)
        if isinstance(trouble, ReadQuota):
            said = REFUSALS[trouble.code]
            frame = staff_frame(request, heading="今天不能再查阅", said=said)
            return render(request, "visits/enough.html", frame, status=403)
        return None


def _ask(request: HttpRequest, needed: ReasonNeeded) -> HttpResponse:
    """To the form, and back from there; a live part sends its whole page there."""
    keys = {"code": code_in(request), "patient_id": needed.facts["patient_id"]}
    to_form = reverse("visits_reason", kwargs=keys)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to_form})
    return redirect(f"{to_form}?{urlencode({'next': request.path})}")
