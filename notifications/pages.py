"""The phone's inbox, and the list of what a role has to do."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.frames import StaffLink, staff_frame
from accounts.models import Staff
from accounts.rules import PHONE_SIGN_IN, account_of, by_account, by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.errors import HospitalUnknown
from hospitals.models import Hospital
from hospitals.views import hospital_of
from notifications.actions.finish_task import finish_task
from notifications.actions.read import read_everything, read_message
from notifications.inbox import Inbox, shown_task
from notifications.models import Task
from patients.access import show_record
from patients.asked_first import to_ask_about
from patients.frames import PhoneTab, phone_frame

MOST_SHOWN = 50
WORDS = {
    "notifications.task_closed": "这项任务已经有人完成，或不再需要。",
    "notifications.evidence_missing": "请写明怎样完成的，例如何时、和谁通了电话。",
}


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
def inbox(request: HttpRequest, code: str) -> HttpResponse:
    """Every message of this hospital, what is unread marked."""
    hospital = _hospital(code)
    if request.method == "POST":
        try:
            form_command(request, lambda: _read(request, hospital))
        except DomainError as refusal:
            say_refusal(request, refusal, words=WORDS)
        return redirect("notifications_inbox", code=code)
    box = Inbox(account_of(request).pk)
    rows = [(one, box.shown(one)) for one in box.messages(hospital).order_by("-id")[:MOST_SHOWN]]
    frame = phone_frame(
        request,
        hospital,
        heading="消息",
        rows=[(one, shown, uuid4()) for one, shown in rows],
        has_unread=any(one.read_at is None for one, _ in rows),
        idempotency_key=uuid4(),
    )
    return render(request, "notifications/inbox.html", frame)


def _read(request: HttpRequest, hospital: Hospital) -> UUID:
    """One message, or all where the form names none."""
    account = account_of(request)
    if "message_id" not in request.POST:
        return read_everything(account=account, hospital=hospital).pk
    message_id = _key(request.POST["message_id"])
    return read_message(message_id=message_id, account_id=account.pk).pk


@require_http_methods(["GET", "POST"])
@page(by_staff())
def tasks(request: HttpRequest, code: str) -> HttpResponse:
    """What my role still has to do, the longest due first; each patient shown leaves a line."""
    staff = staff_of(request)
    if request.method == "POST":
        try:
            form_command(request, lambda: _finish(request, staff))
        except DomainError as refusal:
            say_refusal(request, refusal, words=WORDS)
        else:
            messages.success(request, "已完成。")
        return redirect("notifications_tasks", code=code)
    waiting = Task.objects.of_staff(staff).open().select_related("patient", "hospital")
    rows = list(waiting.order_by("due_at", "id")[:MOST_SHOWN])
    people = [one.patient for one in rows if one.patient]
    must_ask = to_ask_about(staff, people)
    named = [one for one in people if one.pk not in must_ask]
    show_record(staff=staff, patients=named, shown="task", reason="task")
    shown = [(one, shown_task(one), uuid4(), one.patient_id in must_ask) for one in rows]
    frame = staff_frame(request, heading="待办任务", rows=shown, count=waiting.count())
    return render(request, "notifications/tasks.html", frame)


def _finish(request: HttpRequest, staff: Staff) -> UUID:
    return finish_task(
        task_id=_key(request.POST.get("task_id", "")),
        staff=staff,
        evidence=request.POST.get("evidence", "")[:500],
    ).pk


def _key(text: str) -> UUID:
    """The id that a form names. Raises Http404."""
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble


def _hospital(code: str) -> Hospital:
    try:
        return hospital_of(code)
    except HospitalUnknown as unknown:
        raise Http404 from unknown


def message_tab(account_id: UUID, hospital: Hospital) -> list[PhoneTab]:
    """消息, with how many are unread."""
    unread = Inbox(account_id).unread(hospital)
    href = f"/m/{hospital.code}/messages/"
    return [PhoneTab("消息", icon="message", href=href, order=40, count=unread)]


def task_link(staff: Staff) -> list[StaffLink]:
    """待办任务, with how many are open."""
    waiting = Task.objects.of_staff(staff).open().count()
    href = f"/staff/{staff.hospital.code}/tasks/"
    return [StaffLink("待办任务", href=href, order=90, icon="check", count=waiting)]
