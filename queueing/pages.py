"""The doctor's page, the triage desk and the wall."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from accounts.frames import staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from booking.models import Appointment, Session
from cards.codes import LONGEST as CARD_CODE_LENGTH
from cards.codes import is_code
from cards.desk import WORDS as CARD_WORDS
from cards.models import Use
from cards.reading import shown_by_code
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.directory import patients_with_document
from patients.document_kinds import possible_indexes
from patients.documents import masked
from patients.models import Patient
from queueing import screens
from queueing.actions.call import admit_to_room, call_again, call_next, mark_missed
from queueing.actions.check_in import check_in
from queueing.actions.finish import finish_ticket
from queueing.desks import may_work_at
from queueing.models import Priority
from queueing.words import AT_QUEUES, REFUSALS

DOCTORS_ACTS: dict[str, Callable[..., Any]] = {
    "again": call_again,
    "missed": mark_missed,
    "admit": admit_to_room,
    "finish": finish_ticket,
}


@page(by_staff(Role.DOCTOR, Role.TRIAGE))
def rooms(request: HttpRequest, code: str) -> HttpResponse:
    """Today's sessions: a doctor chooses their own."""
    found = screens.queues_today(staff_of(request))
    context = staff_frame(request, heading="今天的诊室", rooms=found, code=code)
    return render(request, "queueing/rooms.html", context)


def _session(queue_id: UUID, *, staff: Staff) -> Session:
    """The session of a queue that the staff member may work at. Raises Http404."""
    rows = Session.objects.filter(hospital=staff.hospital, pk=queue_id)
    session = rows.select_related("doctor", "room", "department").first()
    if session is None:
        raise Http404
    if not may_work_at(session, staff=staff):
        raise Http404
    return session


@page(by_staff(Role.DOCTOR, Role.TRIAGE))
def room(request: HttpRequest, code: str, *, queue_id: UUID) -> HttpResponse:
    """The doctor calls, admits and finishes; the rest of the page follows by itself.

    A search in the queue shows whom it means, and never puts a name into an address.
    """
    staff = staff_of(request)
    session = _session(queue_id, staff=staff)
    words = request.POST.get("words", "").strip()
    if request.method == "POST" and not words:
        _act(request, queue_id=queue_id, staff=staff)
        if not _is_part(request):
            return redirect("queue_room", code=code, queue_id=queue_id)
        return _room_part(request, session=session, staff=staff)
    context = _room_context(session, staff=staff, words=words)
    frame = staff_frame(request, heading=f"{session.room.name} 叫号", code=code, **context)
    return render(request, "queueing/room.html", frame)


@page(by_staff(Role.DOCTOR, Role.TRIAGE))
def room_live(request: HttpRequest, code: str, *, queue_id: UUID) -> HttpResponse:
    """The part of the doctor's page that changes."""
    staff = staff_of(request)
    return _room_part(request, session=_session(queue_id, staff=staff), staff=staff)


def _room_part(request: HttpRequest, *, session: Session, staff: Staff) -> HttpResponse:
    context = {**_room_context(session, staff=staff), "code": staff.hospital.code, "is_part": True}
    return render(request, "queueing/room_live.html", context)


def _room_context(session: Session, *, staff: Staff, words: str = "") -> dict[str, Any]:
    return {**screens.room_context(session, staff=staff, words=words), "key": uuid4()}


def _act(request: HttpRequest, *, queue_id: UUID, staff: Staff) -> None:
    """What the pressed button says; a refusal is told in words."""
    act = request.POST.get("act", "")
    try:
        if act == "call":
            form_command(request, lambda: call_next(queue_id=queue_id, staff=staff).pk)
        elif act in DOCTORS_ACTS:
            ticket_id = _uuid(request.POST.get("ticket_id", ""))
            form_command(request, lambda: DOCTORS_ACTS[act](ticket_id=ticket_id, staff=staff).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)


def _uuid(text: str) -> UUID:
    """Raises Http404 for what is no key."""
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble


def _is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    htmx = getattr(request, "htmx", None)
    return isinstance(htmx, HtmxDetails) and bool(htmx)


class Search(forms.Form):
    """Who stands at the desk."""

    document_number = forms.CharField(
        label="身份证号或就诊卡码",
        max_length=CARD_CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="刷身份证、扫就诊卡码，或输入号码",
    )


@page(by_staff(Role.TRIAGE))
def triage(request: HttpRequest, code: str) -> HttpResponse:
    """The desk: today's queues, and a search that never puts a number into an address."""
    staff = staff_of(request)
    form = Search(request.POST or None)
    found: list[dict[str, Any]] = []
    is_searched = False
    if request.method == "POST" and form.is_valid():
        found = _found(form, staff=staff)
        is_searched = not form.errors
    context = staff_frame(
        request,
        heading="分诊台",
        code=code,
        form=form,
        found=found,
        is_searched=is_searched,
        priorities=[(one.value, one.label) for one in Priority],
        rooms=screens.queues_today(staff),
    )
    return render(request, "queueing/triage.html", context)


def _found(form: Search, *, staff: Staff) -> list[dict[str, Any]]:
    """Today's appointments of the holder of a document or card; leaves a line for whom it names."""
    try:
        patient = _holder(form.cleaned_data["document_number"], staff=staff)
    except DomainError as refusal:
        form.add_error("document_number", CARD_WORDS.get(refusal.code, "号码不对，请核对证件。"))
        return []
    if patient is None:
        return []
    show_record(staff=staff, patients=[patient], shown="appointments", reason="check_in_desk")
    return [
        {"waiting": row, "document": masked(patient.document_number), "key": uuid4()}
        for row in screens.waiting_of(staff.hospital, [patient])
    ]


def _holder(text: str, *, staff: Staff) -> Patient | None:
    """Whose document or card was read. Raises what the document or the card refuses."""
    if is_code(text):
        return shown_by_code(text, use=Use.CHECK_IN, staff=staff).patient
    indexes = possible_indexes(text, today=clock.today())
    return patients_with_document(staff.hospital_id, indexes).order_by("pk").first()


@require_POST
@page(by_staff(Role.TRIAGE))
def desk_check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The desk checks somebody in, with a reason where they go before others."""
    staff = staff_of(request)
    rows = Appointment.objects.filter(hospital=staff.hospital, visit_on=clock.today())
    wanted = _uuid(request.POST.get("appointment_id", ""))
    appointment = rows.select_related("patient").filter(pk=wanted).first()
    priority = request.POST.get("priority", "")
    if appointment is None or priority not in Priority.values:
        raise Http404
    try:
        form_command(
            request,
            lambda: (
                check_in(
                    appointment_id=appointment.pk,
                    patient=appointment.patient,
                    staff=staff,
                    priority=priority,
                ).pk
            ),
        )
        messages.success(request, "已签到。")
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    return redirect("queue_triage", code=code)


@page(by_staff(*AT_QUEUES))
def wall(request: HttpRequest, code: str, *, place_id: UUID) -> HttpResponse:
    """The waiting room's screen, opened by one of the staff."""
    hospital = staff_of(request).hospital
    sessions = screens.wall_sessions(hospital, place_id)
    if not sessions:
        raise Http404
    context = {
        **screens.wall_context(hospital, sessions),
        "hospital_name": hospital.name,
        "heading": f"{sessions[0].department.name} 候诊区",
        "code": code,
        "place_id": place_id,
    }
    return render(request, "queueing/wall.html", context)


@page(by_staff(*AT_QUEUES))
def wall_live(request: HttpRequest, code: str, *, place_id: UUID) -> HttpResponse:
    """The part of the wall that changes."""
    hospital = staff_of(request).hospital
    sessions = screens.wall_sessions(hospital, place_id)
    return render(request, "queueing/wall_live.html", screens.wall_context(hospital, sessions))
