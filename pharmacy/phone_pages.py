"""The phone: how far the drugs are, and where to collect them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.live import StreamName, last_number
from common.pages import page
from patients.access import patients_of
from patients.frames import phone_frame
from patients.models import Scope
from patients.pages import hospital_or_404
from pharmacy.screens import prescriptions_of

MOST_STREAMS = 8  # as many as one socket follows


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def prescriptions(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody's prescriptions with their steps."""
    hospital = hospital_or_404(code)
    account = account_of(request)
    people = patients_of(account.pk, hospital, scope=Scope.QUEUE).order_by("pk")[:MOST_STREAMS]
    names = [StreamName(hospital.pk, "day", person.pk) for person in people]
    context = {
        "code": code,
        "live_since": " ".join(str(last_number(name)) for name in names),
        "live_stream": " ".join(f"{name.kind}:{name.subject_id}" for name in names),
        "rows": prescriptions_of(account, hospital),
        "is_family": len(names) > 1,
    }
    frame = phone_frame(request, hospital, heading="处方和取药", **context)
    return render(request, "pharmacy/prescriptions.html", frame)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def prescriptions_live(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the page that changes."""
    rows = prescriptions_of(account_of(request), hospital_or_404(code))
    context = {
        "code": code,
        "rows": rows,
        "is_family": len({row.prescription.patient_id for row in rows}) > 1,
    }
    return render(request, "pharmacy/prescriptions_live.html", context)
