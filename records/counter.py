"""The pages of the records office (病案室): who asks, which visit, and the paper to print."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.frames import staff_frame
from accounts.rules import account_of, by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from papers.errors import PaperUnknown
from patients.documents import masked
from records.actions import issue_record, take_request
from records.answers import ROLE
from records.composing import title_of
from records.errors import RequestUnknown
from records.files import pdf_file
from records.models import CopyRequest, IssuedRecord
from records.pages import WORDS
from records.preparing import with_prepared
from records.reading import note_clerk, record_of_request, request_of, visits_of_request
from visits.models import Visit

MOST_SHOWN = 50
NOT_HERE = "本院没有使用这个证件的患者。"
WRONG_NUMBER = "证件号码不对，请核对原件后再输。"


class RequestForm(forms.Form):
    """Who stands at the counter, and whose records they ask for."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    document_number = forms.CharField(
        label="患者身份证号",
        max_length=40,
        help_text="按原件输入完整号码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    claimant = forms.ChoiceField(
        label="申请人", choices=CopyRequest.Claimant.choices, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label="用途", choices=CopyRequest.Purpose.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE))
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """Look for a patient by the whole document number; the number never reaches an address."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer = form_command(request, lambda: _take(request, form))
        except DomainError as refusal:
            form.add_error("document_number", _said(refusal))
        else:
            return redirect("records_request", code=code, request_id=answer.object_id)
    frame = staff_frame(request, heading="病案复印", form=form)
    return render(request, "records/counter.html", frame, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: RequestForm) -> UUID:
    asked = take_request(
        staff=staff_of(request),
        document_number=form.cleaned_data["document_number"],
        claimant=form.cleaned_data["claimant"],
        purpose=form.cleaned_data["purpose"],
    )
    note_clerk(asked, shown="patient")
    return asked.pk


def _said(refusal: DomainError) -> str:
    if refusal.code == "records.person_not_here":
        return NOT_HERE
    return WRONG_NUMBER if refusal.code.startswith("patients.") else f"没有办成（{refusal.code}）。"


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE, strong=True))
def request_page(request: HttpRequest, *, code: str, request_id: UUID) -> HttpResponse:
    """The patient's visits; the form issues the record of one, and shows it to be printed."""
    asked = _request(request, request_id)
    if request.method == "POST":
        paper_id = _issue(request, asked)
        if paper_id is None:
            return redirect(request.path)
        return redirect("records_request_paper", code=code, request_id=asked.pk, paper_id=paper_id)
    rows = list(visits_of_request(asked).order_by("-began_at", "-pk")[:MOST_SHOWN])
    issued = IssuedRecord.objects.filter(hospital_id=asked.hospital_id)
    issued = issued.of_visits([one.pk for one in rows]).valid().select_related("paper")
    papers = {record.visit_id: record.paper for record in issued}
    note_clerk(asked, shown="visits")
    frame = staff_frame(
        request,
        heading="病案复印",
        asked=asked,
        document=masked(asked.patient.document_number),
        rows=[(one, title_of(one), papers.get(one.pk), uuid4()) for one in rows],
    )
    return render(request, "records/request.html", frame)


@require_GET
@page(by_staff(ROLE, strong=True))
def paper(request: HttpRequest, *, code: str, request_id: UUID, paper_id: UUID) -> HttpResponse:
    """An issued record, to be looked at and printed."""
    asked = _request(request, request_id)
    try:
        record = record_of_request(asked, paper_id=paper_id)
    except PaperUnknown as unknown:
        raise Http404 from unknown
    note_clerk(asked, shown="visit record")
    return pdf_file(record.paper, is_download=False)


def _request(request: HttpRequest, request_id: UUID) -> CopyRequest:
    try:
        return request_of(staff_of(request), request_id=request_id)
    except RequestUnknown as unknown:
        raise Http404 from unknown


def _issue(request: HttpRequest, asked: CopyRequest) -> UUID | None:
    """Issue the record of the visit that the form names; a refusal is said on the page."""
    visit = _visit(request, asked)
    account = account_of(request)
    try:
        answer = with_prepared(
            visit,
            lambda prepared: form_command(
                request,
                lambda: issue_record(prepared=prepared, account=account, copy_request=asked).pk,
            ),
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
        return None
    messages.success(request, "就诊记录已出具。")
    return answer.object_id


def _visit(request: HttpRequest, asked: CopyRequest) -> Visit:
    try:
        visit_id = UUID(request.POST.get("visit_id", ""))
    except ValueError as trouble:
        raise Http404 from trouble
    visit = visits_of_request(asked).filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return visit
