"""The auditor's pages (查阅审计): reviews, findings, lines; and who is always asked about."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.frames import staff_frame
from accounts.models import Staff
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.models import AccessFinding, AccessLine, BreakGlass, Patient, PatientMark
from visits.actions.allow_more import allow_more_reading
from visits.actions.mark import lift_mark, mark_patient
from visits.actions.review import close_finding, review_break_glass
from visits.finding import patient_by_number
from visits.reading import AUDITORS, MARKERS
from visits.words import REFUSALS, reason_words, shown_words

MOST_SHOWN = 50
AUDIT = "audit"  # the reason of a line that the auditor leaves
MOST_ALLOWED = 500


class SearchForm(forms.Form):
    """Whose lines: one patient's or one staff member's."""

    patient_number = forms.CharField(label="患者门诊号", max_length=40, required=False)
    staff_number = forms.CharField(label="职工工号", max_length=20, required=False)


class AllowForm(forms.Form):
    """Somebody has to read more today."""

    staff_number = forms.CharField(label="职工工号", max_length=20)
    more = forms.IntegerField(label="增加人数", min_value=1, max_value=MOST_ALLOWED)
    words = forms.CharField(label="理由", max_length=200)


class MarkForm(forms.Form):
    """About whom every reader is asked."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    number = forms.CharField(
        label="门诊号或身份证号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    kind = forms.ChoiceField(
        label="标记", choices=PatientMark.Kind.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "POST"])
@page(by_staff(*AUDITORS))
def audit(request: HttpRequest, code: str) -> HttpResponse:
    """What waits to be judged: urgent readings, then what was unusual."""
    staff = staff_of(request)
    if request.method == "POST":
        _judge(request, staff)
        return redirect(request.path)
    waiting = BreakGlass.objects.unreviewed().filter(hospital=staff.hospital)
    glasses = waiting.select_related("staff", "patient").order_by("made_at", "pk")
    found = AccessFinding.objects.filter(
        hospital=staff.hospital, status=AccessFinding.Status.OPEN
    ).select_related("staff", "patient")
    frame = staff_frame(
        request,
        heading="查阅审计",
        code=code,
        glasses=[(one, uuid4(), one.staff_id == staff.pk) for one in glasses[:MOST_SHOWN]],
        findings=[
            (one, uuid4(), one.staff_id == staff.pk)
            for one in found.order_by("made_at", "pk")[:MOST_SHOWN]
        ],
        search_form=SearchForm(),
        allow_form=AllowForm(),
        key=uuid4(),
    )
    return render(request, "visits/audit.html", frame)


def _judge(request: HttpRequest, staff: Staff) -> None:
    """What the pressed button says; a refusal is told in words."""
    act, words = request.POST.get("act", ""), request.POST.get("words", "")[:300]
    about = _key(request.POST.get("about_id", ""))
    acts: dict[str, Any] = {
        "justified": lambda: review_break_glass(
            glass_id=about, reviewer=staff, is_justified=True, words=words
        ),
        "unjustified": lambda: review_break_glass(
            glass_id=about, reviewer=staff, is_justified=False, words=words
        ),
        "explained": lambda: close_finding(
            finding_id=about, reviewer=staff, is_explained=True, words=words
        ),
        "confirmed": lambda: close_finding(
            finding_id=about, reviewer=staff, is_explained=False, words=words
        ),
    }
    if act not in acts:
        raise Http404
    try:
        form_command(request, lambda: acts[act]().pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    else:
        messages.success(request, "已记录复核结果。")


@require_POST
@page(by_staff(*AUDITORS))
def lines(request: HttpRequest, code: str) -> HttpResponse:
    """The newest lines about one patient, or of one staff member; looking leaves its own line."""
    staff = staff_of(request)
    form = SearchForm(request.POST)
    rows: list[AccessLine] = []
    if form.is_valid():
        rows = _found(form, staff=staff)
    shown = [(one, shown_words(one.shown), reason_words(one.reason)) for one in rows]
    frame = staff_frame(request, heading="查阅记录", code=code, search_form=form, rows=shown)
    return render(request, "visits/lines.html", frame, status=422 if form.errors else 200)


def _found(form: SearchForm, *, staff: Staff) -> list[AccessLine]:
    """By the numbers that were given; who reads about a patient's readers leaves a line too."""
    said = form.cleaned_data
    found = AccessLine.objects.filter(hospital=staff.hospital)
    if said["patient_number"]:
        patient = patient_by_number(staff.hospital, said["patient_number"])
        if patient is None:
            form.add_error("patient_number", REFUSALS["visits.person_not_found"])
            return []
        found = found.filter(patient=patient)
        show_record(staff=staff, patients=[patient], shown="access log", reason=AUDIT)
    elif not said["staff_number"]:
        form.add_error("patient_number", "请填写患者门诊号或职工工号。")
        return []
    if said["staff_number"]:
        found = found.filter(staff__number=said["staff_number"])
    return list(found.select_related("staff", "patient").order_by("-pk")[:MOST_SHOWN])


@require_POST
@page(by_staff(*AUDITORS))
def allow(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody else may read about more people today."""
    form = AllowForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写工号、人数和理由。")
        return redirect("visits_audit", code=code)
    said, staff = form.cleaned_data, staff_of(request)
    try:
        form_command(request, lambda: allow_more_reading(**said, allowed_by=staff).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    else:
        messages.success(request, "今天的查阅上限已增加。")
    return redirect("visits_audit", code=code)


@require_http_methods(["GET", "POST"])
@page(by_staff(*MARKERS))
def marks(request: HttpRequest, code: str) -> HttpResponse:
    """Who is marked, names shortened; one more, or one less."""
    staff = staff_of(request)
    form = MarkForm(request.POST if request.POST.get("act") == "mark" else None)
    if request.method == "POST" and _changed_marks(request, form, staff=staff):
        return redirect(request.path)
    live = PatientMark.objects.filter(hospital=staff.hospital, ended_at=None)
    rows = live.select_related("patient").order_by("-pk")[:MOST_SHOWN]
    frame = staff_frame(
        request,
        heading="特殊标记",
        code=code,
        form=form,
        rows=[(one, uuid4()) for one in rows],
        count=live.count(),
    )
    return render(request, "visits/marks.html", frame, status=422 if form.errors else 200)


def _changed_marks(request: HttpRequest, form: MarkForm, *, staff: Staff) -> bool:
    """Set or lift; False where the form must be shown again."""
    if form.is_bound:
        patient = _marked(form, staff=staff)
        if patient is None:
            return False
        kind, patient_id = form.cleaned_data["kind"], patient.pk
        done = "已标记，以后查阅都要先说明理由。"
        act = partial(mark_patient, staff=staff, patient_id=patient_id, kind=kind)
    else:
        done = "标记已取消。"
        act = partial(lift_mark, staff=staff, mark_id=_key(request.POST.get("mark_id", "")))
    try:
        form_command(request, lambda: act().pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    else:
        messages.success(request, done)
    return True


def _marked(form: MarkForm, *, staff: Staff) -> Patient | None:
    """Whom the form names, if the hospital has them."""
    if not form.is_valid():
        return None
    patient = patient_by_number(staff.hospital, form.cleaned_data["number"])
    if patient is None:
        form.add_error("number", REFUSALS["visits.person_not_found"])
    return patient


def _key(text: str) -> UUID:
    """The id that a form names. Raises Http404."""
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble
