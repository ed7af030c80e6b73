"""Reports on the phone, and for the doctor whose patient is in the house."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.frames import staff_frame
from accounts.models import Role
from accounts.rules import PHONE_SIGN_IN, account_of, by_account, by_staff, staff_of
from common.live import StreamName, last_number
from common.pages import page
from patients.consent_pages import with_consent
from patients.frames import phone_frame
from patients.models import ConsentPurpose, Patient
from patients.pages import hospital_or_404
from results.errors import ReportUnknown
from results.models import Report
from results.reading import Reader, Shown, reader_of, reports_shown_to
from results.words import STATUS_BADGES

MOST_LISTED = 50
MOST_STREAMS = 8  # as many as one socket follows


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody's reports, the newest first."""
    reader = _reader(request, code)
    live = _live(reader, list(reader.relations)[:MOST_STREAMS])
    context = {"code": code, **live, **_list(reader)}
    frame = phone_frame(request, reader.hospital, heading="检查检验报告", **context)
    return render(request, "results/reports.html", frame)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def reports_live(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the list that changes."""
    return render(
        request, "results/reports_live.html", {"code": code, **_list(_reader(request, code))}
    )


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def report(request: HttpRequest, code: str, *, report_id: UUID) -> HttpResponse:
    """What the newest version says."""
    reader = _reader(request, code)
    live = _live(reader, list(reader.relations)[:MOST_STREAMS])
    shown = _opened(reader, report_id)
    context = {"code": code, "shown": shown, "back_url": f"/m/{code}/reports/", **live}
    frame = phone_frame(request, reader.hospital, heading=shown.report.name, **context)
    return render(request, "results/report.html", frame)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def report_live(request: HttpRequest, code: str, *, report_id: UUID) -> HttpResponse:
    """The part of the report that changes."""
    shown = _opened(_reader(request, code), report_id)
    return render(request, "results/report_live.html", {"shown": shown})


@require_GET
@page(by_staff(Role.DOCTOR))
def patient_reports(request: HttpRequest, code: str, *, patient_id: UUID) -> HttpResponse:
    """A patient's newest reports, for the doctor whose department they came to."""
    staff = staff_of(request)
    patient = Patient.objects.filter(hospital=staff.hospital, pk=patient_id).first()
    if patient is None:
        raise Http404
    try:
        found = reports_shown_to(staff, patient)
    except ReportUnknown as stranger:
        raise Http404 from stranger
    context = {"patient": patient, "found": found, "code": code}
    if request.headers.get("HX-Request"):
        return render(request, "results/patient_reports_part.html", context)
    frame = staff_frame(request, heading="检查检验报告", **context)
    return render(request, "results/patient_reports.html", frame)


def _reader(request: HttpRequest, code: str) -> Reader:
    return reader_of(account_of(request), hospital_or_404(code))


def _list(reader: Reader) -> dict[str, Any]:
    rows = list(reader.reports().order_by("-id")[:MOST_LISTED])
    reader.leave_lines(row.patient for row in rows)
    return {
        "rows": [_row(row) for row in rows],
        "is_family": len(reader.relations) > 1,
    }


def _row(row: Report) -> dict[str, Any]:
    kind, label = STATUS_BADGES[row.newest_status]
    return {"report": row, "kind": kind, "label": label}


def _opened(reader: Reader, report_id: UUID) -> Shown:
    """Raises Http404."""
    try:
        version = reader.version(report_id)
    except ReportUnknown as stranger:
        raise Http404 from stranger
    reader.leave_lines([version.report.patient])
    return Shown(report=version.report, version=version)


def _live(reader: Reader, patient_ids: list[UUID]) -> dict[str, str]:
    """Which streams the page follows, and from which numbers."""
    names = [StreamName(reader.hospital.pk, "day", one) for one in patient_ids]
    return {
        "live_since": " ".join(str(last_number(name)) for name in names),
        "live_stream": " ".join(f"{name.kind}:{name.subject_id}" for name in names),
    }
