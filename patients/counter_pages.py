"""The counter's page for documents (证件核验): found by the whole number, never by browsing."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.frames import StaffLink, staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.actions.add_document import add_document
from patients.actions.verify import confirm_original
from patients.actions.void import void_document
from patients.directory import patients_with_document
from patients.document_kinds import StatedDocument, possible_indexes
from patients.documents import masked, masked_phone
from patients.forms import kind_choices, nationality_choices
from patients.models import Document, Patient
from patients.words import badge_of, words_at_counter

ROLES = (Role.BOOKING_OFFICE, Role.RECORDS_OFFICE, Role.TRIAGE)
SHOWN = "identity"  # in the access log
REASON = "identity check"
IN_REVIEW = "这个证件已在另一位患者名下，已提交合并审核，审核前不能核验。"


class FindForm(forms.Form):
    """Whose document lies on the counter."""

    document_number = forms.CharField(
        label="证件号码",
        max_length=40,
        help_text="刷证件，或按原件输入完整号码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AddForm(forms.Form):
    """A further document of a patient who was found."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput)
    document_type = forms.ChoiceField(label="证件类型", choices=kind_choices)
    document_number = forms.CharField(
        label="另一证件的号码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    nationality = forms.ChoiceField(
        label="国籍", choices=nationality_choices, required=False, help_text="护照才需要"
    )


def counter_link(staff: Staff) -> list[StaffLink]:
    """证件核验, for the desks."""
    if staff.role not in ROLES:
        return []
    href = f"/staff/{staff.hospital.code}/identity/"
    return [StaffLink("证件核验", href=href, order=35, icon="person")]


@require_http_methods(["GET", "POST"])
@page(by_staff(*ROLES))
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """Find somebody by a document, and say what was seen; the number reaches no address."""
    staff, form = staff_of(request), FindForm(request.POST or None)
    act = request.POST.get("act", "find")
    if request.method == "POST" and act != "find":
        _act(request, staff=staff, act=act)
        return redirect(request.path)
    found: list[Patient] = []
    is_searched = request.method == "POST" and form.is_valid()
    if is_searched:
        found = _find(form, staff=staff)
    frame = staff_frame(
        request,
        heading="证件核验",
        form=form,
        is_searched=is_searched and not form.errors,
        found=[_shown(one) for one in found],
    )
    return render(request, "patients/identity.html", frame, status=422 if form.errors else 200)


def _find(form: FindForm, *, staff: Staff) -> list[Patient]:
    """Whom the document finds; a line for each."""
    try:
        indexes = possible_indexes(form.cleaned_data["document_number"], today=clock.today())
    except DomainError as refusal:
        form.add_error("document_number", words_at_counter(refusal.code))
        return []
    found = list(patients_with_document(staff.hospital_id, indexes).order_by("pk"))
    show_record(staff=staff, patients=found, shown=SHOWN, reason=REASON)
    return found


def _shown(patient: Patient) -> dict[str, Any]:
    """What the counter compares with the original; numbers masked."""
    documents = Document.objects.filter(patient=patient).order_by("made_at", "pk")
    return {
        "patient": patient,
        "phone": masked_phone(patient.phone),
        "documents": _rows(documents),
        "add": AddForm(initial={"patient_id": patient.pk}, auto_id=f"add-{patient.pk}-%s"),
        "key": uuid4(),
    }


def _rows(documents: Iterable[Document]) -> list[dict[str, Any]]:
    return [
        {
            "document": one,
            "number": masked(one.number),
            "badge": badge_of(one),
            "confirm_key": uuid4(),
            "void_key": uuid4(),
        }
        for one in documents
    ]


def _act(request: HttpRequest, *, staff: Staff, act: str) -> None:
    """Confirm, void or add; a refusal is said on the page."""
    acts = {"confirm": _confirm, "void": _void, "add": _add}
    if act not in acts:
        raise Http404
    try:
        acts[act](request, staff)
    except DomainError as refusal:
        say_refusal(request, refusal, words={refusal.code: words_at_counter(refusal.code)})


def _confirm(request: HttpRequest, staff: Staff) -> None:
    key = _key(request, "document_id")
    form_command(request, lambda: confirm_original(staff=staff, document_id=key).pk)
    document = Document.objects.get(hospital=staff.hospital, pk=key)
    if document.status == Document.Status.VERIFIED:
        messages.success(request, "已核验。")
    else:
        messages.warning(request, IN_REVIEW)


def _void(request: HttpRequest, staff: Staff) -> None:
    because = request.POST.get("because", "").strip()[:200]
    if not because:
        messages.error(request, "请写明作废的原因。")
        return
    key = _key(request, "document_id")
    form_command(request, lambda: void_document(staff=staff, document_id=key, because=because).pk)
    messages.success(request, "这个证件已作废。")


def _add(request: HttpRequest, staff: Staff) -> None:
    form = AddForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择证件类型，填写完整号码。")
        return
    patient = _patient(form.cleaned_data["patient_id"], staff=staff)
    stated = StatedDocument(
        type=form.cleaned_data["document_type"],
        number=form.cleaned_data["document_number"],
        nationality=form.cleaned_data["nationality"],
        born_on=patient.born_on,
        sex=patient.sex,
    )
    form_command(request, lambda: add_document(staff=staff, patient=patient, stated=stated).pk)
    messages.success(request, "已登记另一证件。看过原件后请核验。")


def _patient(patient_id: UUID, *, staff: Staff) -> Patient:
    patient = Patient.objects.filter(hospital=staff.hospital, pk=patient_id).first()
    if patient is None:
        raise Http404
    show_record(staff=staff, patients=[patient], shown=SHOWN, reason=REASON)
    return patient


def _key(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as trouble:
        raise Http404 from trouble
