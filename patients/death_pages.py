"""The records office's page for a death (死亡登记), and for a mistake about one."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.frames import staff_frame
from accounts.models import Staff
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.actions.mark_deceased import mark_deceased, undo_deceased
from patients.documents import masked
from patients.errors import PatientUnknown
from patients.merge_pages import ROLE, patient_numbered
from patients.models import Death, DeathSource, Patient
from patients.words import RECORDS_OFFICE_WORDS


class NumberForm(forms.Form):
    """Whom it is about."""

    number = forms.CharField(label="门诊号", max_length=20)


class DeathForm(forms.Form):
    """When the person died."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    died_on = forms.DateField(
        label="死亡日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class UndoForm(forms.Form):
    """Why it was a mistake."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    because = forms.CharField(label="撤销理由", max_length=200)


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE))
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Look for a patient by the whole patient number, which never reaches an address."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = patient_numbered(staff_of(request), form.cleaned_data["number"])
        except PatientUnknown:
            form.add_error("number", "本院没有这个门诊号。")
        else:
            return redirect("patients_death", code=code, patient_id=found.pk)
    frame = staff_frame(request, heading="死亡登记", form=form)
    return render(request, "patients/deaths.html", frame, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE))
def death(request: HttpRequest, *, code: str, patient_id: UUID) -> HttpResponse:
    """Who the patient is; the form marks them deceased, or undoes that."""
    staff = staff_of(request)
    patient = Patient.objects.filter(hospital=staff.hospital, pk=patient_id).first()
    if patient is None:
        raise Http404
    known = Death.objects.filter(person=patient.person_id, undone_at=None).first()
    form = (UndoForm if known else DeathForm)(request.POST or None)
    if request.method == "POST" and form.is_valid() and _act(request, patient, form=form):
        return redirect("patients_death", code=code, patient_id=patient_id)
    show_record(patients=[patient], shown="person", reason="death", staff=staff)
    frame = staff_frame(
        request,
        heading="死亡登记",
        patient=patient,
        document=masked(patient.document_number),
        known=known,
        form=form,
        code=code,
    )
    return render(request, "patients/death.html", frame, status=422 if form.errors else 200)


def _act(request: HttpRequest, patient: Patient, *, form: forms.Form) -> bool:
    staff = staff_of(request)
    try:
        form_command(request, lambda: _mark_or_undo(patient, staff=staff, form=form).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=RECORDS_OFFICE_WORDS)
        return False
    messages.success(request, "已经记下。")
    return True


def _mark_or_undo(patient: Patient, *, staff: Staff, form: forms.Form) -> Death:
    said = form.cleaned_data
    if "because" in said:
        return undo_deceased(patient=patient, staff=staff, because=said["because"])
    return mark_deceased(
        patient=patient, died_on=said["died_on"], source=DeathSource.RECORDS_OFFICE, staff=staff
    )
