"""Finding one patient, saying why, and what may be seen then (紧急查阅)."""

from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from accounts.frames import staff_frame
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page
from patients.access import show_record
from patients.asked_first import marked_among, to_ask_about
from patients.models import BreakGlass, Patient
from patients.quota import IN_CARE
from visits.actions.break_glass import SHORTEST_REASON, break_glass
from visits.actions.search import search_record
from visits.care import reason_to_read
from visits.reading import parts_for
from visits.words import REFUSALS

RECORD = "record"  # what a line says was shown


class FindForm(forms.Form):
    """One whole number; nothing is searched by name or by a part."""

    number = forms.CharField(
        label="门诊号、身份证号或腕带号",
        max_length=40,
        help_text="输入完整号码，或扫腕带",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class ReasonForm(forms.Form):
    """Why somebody has to read."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="事由", choices=BreakGlass.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="具体理由",
        max_length=300,
        help_text=f"至少 {SHORTEST_REASON} 个字，审计人员会逐条复核",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
@page(by_staff(*IN_CARE))
def find(request: HttpRequest, code: str) -> HttpResponse:
    """A whole number leads to one patient; the number never reaches an address."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = search_record(staff=staff_of(request), number=form.cleaned_data["number"])
        except DomainError as refusal:
            form.add_error("number", REFUSALS.get(refusal.code, refusal.code))
        else:
            if found is not None:
                return redirect("visits_record", code=code, patient_id=found.pk)
            form.add_error("number", REFUSALS["visits.person_not_found"])
    frame = staff_frame(request, heading="查找患者", code=code, form=form)
    return render(request, "visits/find.html", frame, status=422 if form.errors else 200)


@require_GET
@page(by_staff(*IN_CARE))
def record(request: HttpRequest, *, code: str, patient_id: UUID) -> HttpResponse:
    """What the staff member's role may see of the patient; without a reason, asks for one."""
    staff = staff_of(request)
    patient = _patient(request, patient_id)
    reason = reason_to_read(staff, patient)
    if not reason:
        return redirect("visits_reason", code=code, patient_id=patient.pk)
    show_record(staff=staff, patients=[patient], shown=RECORD, reason=reason)
    frame = staff_frame(
        request, heading="就诊概况", code=code, patient=patient, parts=parts_for(staff, patient)
    )
    return render(request, "visits/record.html", frame)


@require_http_methods(["GET", "POST"])
@page(by_staff())
def reason(request: HttpRequest, *, code: str, patient_id: UUID) -> HttpResponse:
    """Who it is, masked, and why somebody has to read; the patient will be told."""
    staff = staff_of(request)
    patient = _patient(request, patient_id)
    onward = _onward(request, code=code, patient_id=patient.pk)
    if reason_to_read(staff, patient) and not to_ask_about(staff, [patient]):
        return redirect(onward)
    form = ReasonForm(request.POST or None, initial={"next": onward})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            form_command(
                request,
                lambda: (
                    break_glass(
                        staff=staff, patient_id=patient.pk, kind=said["kind"], words=said["words"]
                    ).pk
                ),
            )
        except DomainError as refusal:
            form.add_error("words", REFUSALS.get(refusal.code, refusal.code))
        else:
            return redirect(onward)
    frame = staff_frame(
        request,
        heading="说明查阅理由",
        code=code,
        patient=patient,
        form=form,
        is_marked=bool(marked_among([patient])),
    )
    return render(request, "visits/reason.html", frame, status=422 if form.errors else 200)


def _patient(request: HttpRequest, patient_id: UUID) -> Patient:
    found = Patient.objects.filter(hospital=staff_of(request).hospital, pk=patient_id).first()
    if found is None:
        raise Http404
    return found


def _onward(request: HttpRequest, *, code: str, patient_id: UUID) -> str:
    """Where the reader was going: a staff page of this hospital, or the patient's."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = wanted.startswith(f"/staff/{code}/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}
    )
    usual = reverse("visits_record", kwargs={"code": code, "patient_id": patient_id})
    return wanted if is_ours else usual
