"""Staff's pages of what hospital systems sent and we could not apply (系统消息)."""

import logging
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.frames import staff_frame
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from interop.actions.apply import apply_received
from interop.actions.replay import dismiss, make_due
from interop.answers import ROLES
from interop.evidence import lines_of, patients_in
from interop.hl7v2.segments import KIND as KIND_FORM
from interop.models import Received, ReceivedQuerySet
from interop.words import KIND_WORDS, Words, kind_words, words_for
from patients.access import show_record

log = logging.getLogger(__name__)
PAGE_SIZE = 20
WORDS = {
    "common.move_refused": "这条消息的状态已经变化，请看最新状态。",
    "interop.still_unreadable": "按现在的约定仍然读不出这条消息。",
    "common.key_missing": "表单不完整，请刷新页面后再试。",
}
STATUS_BADGES = {"applied": "success", "waiting": "warning", "refused": "error"}


class LookForm(forms.Form):
    """Why somebody has to see what the message says."""

    reason = forms.ChoiceField(
        label="查看原因",
        choices=[
            ("check patient", "核对患者"),
            ("check content", "核对申请、报告或处方的内容"),
            ("answer sender", "答复发送方"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择查看原因。", "invalid_choice": "请选择查看原因。"},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the list, without what it says of anybody."""

    received: Received
    words: Words
    kind: str
    control_id: str
    badge: str


@require_GET
@page(by_staff(*ROLES))
def to_look_at(request: HttpRequest, code: str) -> HttpResponse:
    """What waits or was refused, the newest first, with the reason in plain words."""
    waiting = _mine(request).to_look_at()
    rows = list(_older(waiting, request.GET.get("before", ""))[: PAGE_SIZE + 1])
    frame = staff_frame(
        request,
        heading="系统消息",
        rows=[line_of(one) for one in rows[:PAGE_SIZE]],
        count=waiting.count(),
        before=rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        is_first="before" not in request.GET,
    )
    return render(request, "interop/to_look_at.html", frame)


@require_http_methods(["GET", "POST"])
@page(by_staff(*ROLES))
def one(request: HttpRequest, *, code: str, received_id: UUID) -> HttpResponse:
    """What is known of one message; the form tries it again, or sets it aside."""
    received = _found(request, received_id)
    if request.method == "POST":
        acts = {"replay": _replay, "dismiss": _dismiss}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        act(request, received)
        return redirect(request.path)
    return render(request, "interop/message.html", _frame(request, received, form=LookForm()))


@require_POST
@page(by_staff(*ROLES))
def body(request: HttpRequest, *, code: str, received_id: UUID) -> HttpResponse:
    """The message itself, for a reason; each patient it names gets a line in the access log."""
    received = _found(request, received_id)
    if not _is_open(received):
        raise Http404
    form = LookForm(request.POST)
    if not form.is_valid():
        frame = _frame(request, received, form=form)
        return render(request, "interop/message.html", frame, status=422)
    staff = staff_of(request)
    people = patients_in(received)
    reason = form.cleaned_data["reason"]
    show_record(patients=people, shown="received message", reason=reason, staff=staff)
    log.info(
        "message shown",
        extra={"received_id": received.pk, "staff_id": staff.pk, "patients": len(people)},
    )
    frame = _frame(request, received, form=form, lines=lines_of(received), people=len(people))
    return render(request, "interop/message.html", frame)


def _frame(request: HttpRequest, received: Received, **more: object) -> dict[str, object]:
    return staff_frame(
        request,
        heading="系统消息",
        line=line_of(received),
        received=received,
        is_open=_is_open(received),
        replay_key=uuid4(),
        dismiss_key=uuid4(),
        **more,
    )


def line_of(received: Received) -> Line:
    """The message as the list shows it; what a faulty header says may be a name, and stays out."""
    is_known = received.kind in KIND_WORDS or KIND_FORM.fullmatch(received.kind)
    return Line(
        received=received,
        words=words_for(received.reason),
        kind=kind_words(received.kind if is_known else ""),
        control_id=received.control_id if received.control_id.isascii() else "",
        badge=STATUS_BADGES.get(received.status, ""),
    )


def _mine(request: HttpRequest) -> ReceivedQuerySet:
    received = Received.objects.of_hospital(staff_of(request).hospital_id)
    return received.select_related("sender").defer("body")


def _found(request: HttpRequest, received_id: UUID) -> Received:
    received = _mine(request).filter(pk=received_id).first()
    if received is None:
        raise Http404
    return received


def _older(waiting: ReceivedQuerySet, before: str) -> ReceivedQuerySet:
    """Those after the message where the last page ended; all where that is unknown."""
    try:
        last = waiting.model.objects.filter(pk=UUID(before)).values("pk", "received_at").first()
    except ValueError:
        return waiting
    if last is None:
        return waiting
    same_moment = Q(received_at=last["received_at"], pk__lt=last["pk"])
    return waiting.filter(Q(received_at__lt=last["received_at"]) | same_moment)


def _is_open(received: Received) -> bool:
    return received.status in {Received.Status.WAITING, Received.Status.REFUSED}


def _replay(request: HttpRequest, received: Received) -> None:
    """Two commands: the key makes the message due, once; then it is applied, here or by a sweep."""
    hospital = staff_of(request).hospital
    try:
        form_command(request, lambda: make_due(hospital=hospital, received_id=received.pk).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
        return
    after = apply_received(received_id=received.pk)
    if after is None or after.status == Received.Status.STORED:
        messages.info(request, "已经排队，稍后自动处理。")
    elif _is_open(after):
        messages.error(request, f"还是没有处理成：{words_for(after.reason).why}。")
    else:
        messages.success(request, f"{after.get_status_display()}。")


def _dismiss(request: HttpRequest, received: Received) -> None:
    hospital = staff_of(request).hospital
    try:
        form_command(request, lambda: dismiss(hospital=hospital, received_id=received.pk).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
        return
    log.info(
        "message dismissed",
        extra={"received_id": received.pk, "staff_id": staff_of(request).pk},
    )
    messages.success(request, "这条消息不再处理，已留作证据。")
