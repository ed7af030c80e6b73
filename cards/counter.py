"""The window's work with cards: give a plastic one, find a lost one again, end one."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.frames import StaffLink, staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from cards.actions.change import end_card, find_again, report_lost
from cards.actions.open import add_card
from cards.models import Card
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.directory import patients_with_document
from patients.document_kinds import possible_indexes
from patients.documents import masked
from patients.models import Patient

AT_WINDOW = (Role.BOOKING_OFFICE, Role.RECORDS_OFFICE)
LONGEST_NUMBER = 40
CHANGES: dict[str, Callable[..., Card]] = {
    "lost": report_lost,
    "again": find_again,
    "end": end_card,
}
WORDS = {
    "cards.of_another": "这个卡号已经在别人名下。",
    "common.move_refused": "这张卡的状态已经变化，请重新查找。",
}


class HolderForm(forms.Form):
    """Who stands at the window; with a number, the card they are given."""

    document_number = forms.CharField(
        label="证件号",
        max_length=LONGEST_NUMBER,
        help_text="刷证件，或输入号码；请核对原件",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    card_number = forms.CharField(
        label="新实体卡卡号",
        max_length=LONGEST_NUMBER,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
@page(by_staff(*AT_WINDOW))
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """Find somebody by the document in their hand; their cards, and what may be done with them."""
    staff = staff_of(request)
    form = HolderForm(request.POST or None)
    patient = None
    if request.method == "POST" and form.is_valid():
        patient = _holder(form, staff=staff)
    if patient is not None:
        show_record(staff=staff, patients=[patient], shown="cards", reason="window")
        _act(request, patient, number=form.cleaned_data["card_number"])
    frame = staff_frame(
        request,
        heading="就诊卡窗口",
        form=form,
        patient=patient,
        document=masked(patient.document_number) if patient else "",
        cards=Card.objects.standing().filter(patient=patient).order_by("pk") if patient else [],
        key=uuid4(),
    )
    return render(request, "cards/counter.html", frame, status=422 if form.errors else 200)


def _holder(form: HolderForm, *, staff: Staff) -> Patient | None:
    try:
        indexes = possible_indexes(form.cleaned_data["document_number"], today=clock.today())
        found = patients_with_document(staff.hospital_id, indexes).order_by("pk").first()
    except DomainError:
        found = None
    if found is None:
        form.add_error("document_number", "没有找到，请核对证件号。")
    return found


def _act(request: HttpRequest, patient: Patient, *, number: str) -> None:
    """Give the card whose number was typed, or change the one whose button was pressed."""
    act = request.POST.get("act", "")
    try:
        if act == "give" and number:
            form_command(
                request,
                lambda: add_card(patient=patient, kind=Card.Kind.PLASTIC, number=number).pk,
            )
            messages.success(request, "实体卡已登记。")
        elif act in CHANGES:
            card = _card(request.POST.get("card_id", ""), patient=patient)
            form_command(
                request,
                lambda: CHANGES[act](card_id=card.pk, hospital_id=patient.hospital_id).pk,
            )
            messages.success(request, "已办理。")
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)


def _card(text: str, *, patient: Patient) -> Card:
    """Raises Http404 for what is no card of the patient."""
    try:
        key = UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble
    found = Card.objects.standing().filter(patient=patient, pk=key).first()
    if found is None:
        raise Http404
    return found


def window_link(staff: Staff) -> list[StaffLink]:
    """就诊卡窗口, for whoever works at a window."""
    if staff.role not in AT_WINDOW:
        return []
    address = f"/staff/{staff.hospital.code}/cards/window/"
    return [StaffLink("就诊卡窗口", href=address, order=81, icon="person")]
