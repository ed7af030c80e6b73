"""The booking office's pages (门诊办公室): what is on, and how a clinic is stopped."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from accounts.frames import StaffLink, staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from booking.actions.close import close_session
from booking.models import Appointment, Session
from common import clock
from common.errors import DomainError
from common.locking import RowQuerySet
from common.pages import form_command, page, say_refusal

OFFICE = (Role.BOOKING_OFFICE, Role.MANAGER)
MOST_SHOWN = 200  # a day of one hospital; a filter by department comes with its size
WORDS = {"common.move_refused": "这一场已经停诊。", "booking.session_unknown": "没有这一场出诊。"}


class StopForm(forms.Form):
    """Why the clinic stops; the patients are not told this, the office keeps it."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    because = forms.CharField(label="停诊原因", max_length=100)


@page(by_staff(*OFFICE))
def sessions(request: HttpRequest, code: str) -> HttpResponse:
    """One date's sessions with how many patients each has."""
    staff = staff_of(request)
    day = _date(request.GET.get("on", "")) or clock.today()
    found = _counted(staff).filter(on=day).order_by("department__position", "begins_at")
    frame = staff_frame(
        request, heading="出诊与停诊", code=code, day=day, sessions=found[:MOST_SHOWN]
    )
    return render(request, "booking/sessions.html", frame)


@page(by_staff(*OFFICE, strong=True))
def stop(request: HttpRequest, code: str, *, session_id: UUID) -> HttpResponse:
    """Whom stopping a session concerns; the form stops it."""
    staff = staff_of(request)
    session = _counted(staff).filter(pk=session_id).first()
    if session is None:
        raise Http404
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _stop(request, session, because=form.cleaned_data["because"])
        return redirect(request.path)
    affected = Appointment.objects.filter(session=session)
    displaced = affected.filter(status=Appointment.Status.DISPLACED).count()
    frame = staff_frame(
        request,
        heading="停诊",
        code=code,
        session=session,
        form=form,
        open_count=affected.live().count(),
        displaced_count=displaced,
        is_stopped=session.status == Session.Status.CLOSED,
    )
    return render(request, "booking/stop.html", frame, status=422 if form.errors else 200)


def _stop(request: HttpRequest, session: Session, *, because: str) -> None:
    """Close the session; the next sweep tells its patients, one by one."""
    try:
        form_command(
            request,
            lambda: (
                close_session(session_id=session.pk, hospital=session.hospital, because=because).pk
            ),
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
    else:
        messages.success(request, "已停诊。号源已经关闭，正在逐个通知患者并退费。")


def _counted(staff: Staff) -> RowQuerySet[Any]:
    """The hospital's sessions with their number of live appointments."""
    live = Q(appointment__status__in=Appointment.LIVE)
    rows = Session.objects.filter(hospital=staff.hospital)
    return rows.select_related("hospital", "department", "doctor", "room").annotate(
        taken=Count("appointment", filter=live)
    )


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def office_link(staff: Staff) -> list[StaffLink]:
    """出诊与停诊, for the booking office."""
    if staff.role not in OFFICE:
        return []
    href = f"/staff/{staff.hospital.code}/sessions/"
    return [StaffLink("出诊与停诊", href=href, order=20, icon="calendar")]
