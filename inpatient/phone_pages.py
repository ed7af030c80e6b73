"""The phone: where the patient lies, what each day cost, and the deposit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Account
from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.pages import page
from hospitals.models import Hospital
from inpatient import screens
from inpatient.bill import bill_of
from inpatient.care import leave_lines
from inpatient.models import Admission
from patients.access import patients_of
from patients.frames import phone_frame
from patients.models import Scope
from patients.pages import hospital_or_404

MOST_STAYS = 8  # shown, the newest first; as many streams as one socket follows


@page(by_account, sign_in=PHONE_SIGN_IN)
def stays(request: HttpRequest, code: str) -> HttpResponse:
    """The stays of everybody for whom the account may read them."""
    hospital = hospital_or_404(code)
    context = _context(account_of(request), hospital)
    frame = phone_frame(request, hospital, heading="我的住院", code=code, **context)
    return render(request, "inpatient/stays.html", frame)


@page(by_account, sign_in=PHONE_SIGN_IN)
def stays_live(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the page that changes."""
    context = _context(account_of(request), hospital_or_404(code))
    return render(request, "inpatient/stays_live.html", {**context, "code": code})


def _context(account: Account, hospital: Hospital) -> dict[str, Any]:
    people = list(patients_of(account.pk, hospital, scope=Scope.INPATIENT))
    payers = set(patients_of(account.pk, hospital, scope=Scope.PAY).values_list("pk", flat=True))
    rows = Admission.objects.of_hospital(hospital.pk).filter(patient__in=people)
    shown = rows.exclude(status=Admission.Status.WITHDRAWN).select_related("patient", "ward", "bed")
    newest = list(shown.order_by("-pk")[:MOST_STAYS])
    streams = [one.day_stream for one in newest]
    live = screens.live_of(*dict.fromkeys(streams))
    leave_lines(account, [one.patient for one in newest])
    return {
        **live,
        "stays": [
            {
                "stay": one,
                "bill": bill_of(one),
                "days": screens.days_of(one),
                "may_pay": one.patient_id in payers,
            }
            for one in newest
        ],
        "is_family": len({one.patient_id for one in newest}) > 1,
    }
