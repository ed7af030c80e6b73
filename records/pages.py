"""The phone's pages about past visits: the list, one visit, its record as a file."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Account
from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from papers.errors import PaperUnknown
from patients.access import show_to_family
from patients.consent_pages import with_consent
from patients.frames import phone_frame
from patients.models import ConsentPurpose
from patients.pages import hospital_or_404
from records.actions import issue_record
from records.composing import compose_record, title_of
from records.files import pdf_file
from records.models import IssuedRecord
from records.preparing import with_prepared
from records.reading import record_for, visit_for, visits_for
from visits.errors import VisitUnknown
from visits.models import Visit

MOST_SHOWN = 50
WORDS = {
    "records.overtaken": "就诊内容刚刚有变化，请再试一次。",
    "papers.overtaken": "就诊内容刚刚有变化，请再试一次。",
}


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def visits(request: HttpRequest, code: str) -> HttpResponse:
    """Every visit of those whose records one may read, the newest first."""
    hospital = hospital_or_404(code)
    account = account_of(request)
    rows = list(visits_for(account.pk, hospital).order_by("-began_at", "-pk")[:MOST_SHOWN])
    show_to_family(account_id=account.pk, patients=[one.patient for one in rows], shown="visits")
    frame = phone_frame(request, hospital, heading="就诊记录", back_url=f"/m/{code}/", visits=rows)
    return render(request, "records/visits.html", frame)


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def visit(request: HttpRequest, *, code: str, visit_id: UUID) -> HttpResponse:
    """What happened at one visit; the form issues its record."""
    hospital = hospital_or_404(code)
    account = account_of(request)
    found = _visit(account, hospital, visit_id=visit_id)
    if request.method == "POST":
        _issue(request, account, found=found)
        return redirect(request.path)
    record = compose_record(found)
    show_to_family(account_id=account.pk, patients=[found.patient], shown="visit")
    current = IssuedRecord.objects.current_of(found)
    frame = phone_frame(
        request,
        hospital,
        heading=title_of(found),
        back_url=f"/m/{code}/visits/",
        visit=found,
        record=record,
        paper=current.paper if current else None,
        idempotency_key=uuid4(),
    )
    return render(request, "records/visit.html", frame)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
@with_consent(ConsentPurpose.RESULTS)
def paper(request: HttpRequest, *, code: str, paper_id: UUID) -> HttpResponse:
    """An issued record as a file to keep."""
    hospital = hospital_or_404(code)
    account = account_of(request)
    try:
        record = record_for(account.pk, hospital, paper_id=paper_id)
    except PaperUnknown as unknown:
        raise Http404 from unknown
    show_to_family(account_id=account.pk, patients=[record.visit.patient], shown="visit record")
    return pdf_file(record.paper)


def _visit(account: Account, hospital: Hospital, *, visit_id: UUID) -> Visit:
    try:
        return visit_for(account.pk, hospital, visit_id=visit_id)
    except VisitUnknown as unknown:
        raise Http404 from unknown


def _issue(request: HttpRequest, account: Account, *, found: Visit) -> None:
    """Issue the visit's record; what came of it is said on the page."""
    try:
        with_prepared(
            found,
            lambda prepared: form_command(
                request, lambda: issue_record(prepared=prepared, account=account).pk
            ),
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
    else:
        messages.success(request, "就诊记录已出具，可以下载。")
