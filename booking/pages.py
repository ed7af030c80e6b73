"""The phone's pages for booking: department, day, slot, appointment."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from booking.actions.book import book_appointment
from booking.actions.cancel import cancel_appointment
from booking.availability import sessions_of
from booking.errors import TooManyVisits
from booking.models import Appointment, Channel, Session, Slot
from booking.refusals import WORDS, words_for_limit
from clinic.models import Department
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from hospitals.policy import policy_of
from patients.access import patient_for, patients_of
from patients.frames import PhoneTab, phone_frame
from patients.models import Patient, Scope
from patients.pages import hospital_or_404
from patients.people import shown_once

BADGES: dict[str, str] = {
    Appointment.Status.HELD: "warning",
    Appointment.Status.BOOKED: "success",
    Appointment.Status.ARRIVED: "info",
    Appointment.Status.MISSED: "error",
    Appointment.Status.DISPLACED: "error",
}
MOST_SHOWN = 30


class ForWhom(forms.Form):
    """Who will be treated."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    patient_id = forms.ChoiceField(label="就诊人", widget=forms.RadioSelect)

    def __init__(self, people: list[Patient], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["patient_id"]
        field.choices = [(str(person.pk), person.name) for person in people]  # type: ignore[attr-defined]  # a ChoiceField
        field.initial = str(people[0].pk) if people else None


@page(by_account, sign_in=PHONE_SIGN_IN)
def departments(request: HttpRequest, code: str) -> HttpResponse:
    """Departments with sessions to come, and one's own appointments above them."""
    hospital = hospital_or_404(code)
    today = clock.today()
    last = policy_of(hospital.pk, now=clock.now()).last_day(today)
    is_bookable = Q(session__on__range=(today, last), session__status=Session.Status.PUBLISHED)
    found = (
        Department.objects.filter(hospital=hospital)
        .annotate(sessions=Count("session", filter=is_bookable))
        .filter(sessions__gt=0)
        .order_by("position", "code")
    )
    mine = Appointment.objects.filter(
        patient__in=patients_of(account_of(request).pk, hospital, scope=Scope.BOOK)
    ).select_related("department", "patient", "session__doctor")
    shown = [(one, BADGES.get(one.status, "")) for one in mine.order_by("-pk")[:MOST_SHOWN]]
    frame = phone_frame(request, hospital, heading="预约挂号", departments=found, mine=shown)
    return render(request, "booking/departments.html", frame)


@page(by_account, sign_in=PHONE_SIGN_IN)
def day(request: HttpRequest, *, code: str, department_id: UUID) -> HttpResponse:
    """A department's day: who works when, and how many places are free."""
    hospital = hospital_or_404(code)
    department = _department(hospital, department_id)
    now = clock.now()
    today = clock.today()
    last = policy_of(hospital.pk, now=now).last_day(today)
    chosen = _date(request.GET.get("on", "")) or _first_day(department, today, last=last)
    shown = sessions_of(hospital.pk, department_id, chosen)["sessions"]
    for session in shown:
        mark_open(session, now=now)
    days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    frame = phone_frame(
        request,
        hospital,
        heading=department.name,
        back_url=f"/m/{code}/book/",
        department=department,
        chosen=chosen,
        days=days,
        sessions=shown,
    )
    return render(request, "booking/day.html", frame)


def mark_open(session: dict[str, Any], *, now: datetime) -> None:
    """Say of each slot whether it can be booked; those that are over are only counted."""
    shown = []
    for one in session["slots"]:
        one["begins"] = datetime.fromisoformat(one["begins_at"])
        one["ends"] = datetime.fromisoformat(one["ends_at"])
        one["left"] = one["free"].get(Channel.ONLINE, 0)
        if now < datetime.fromisoformat(one["online_closes_at"]):
            shown.append(one)
    session["over"] = len(session["slots"]) - len(shown)
    session["slots"] = shown


@page(by_account, sign_in=PHONE_SIGN_IN)
def slot(request: HttpRequest, *, code: str, slot_id: UUID) -> HttpResponse:
    """What would be booked and what it costs; the form books it."""
    hospital = hospital_or_404(code)
    found = (
        Slot.objects.of_hospital(hospital.pk)
        .select_related("session__doctor", "session__room", "session__department", "session__level")
        .filter(pk=slot_id)
        .first()
    )
    if found is None:
        raise Http404
    mine = patients_of(account_of(request).pk, hospital, scope=Scope.BOOK)
    people = list(shown_once(mine).order_by("pk"))
    form = ForWhom(people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _book(request, hospital=hospital, slot_id=slot_id)
        if made is not None:
            return redirect("booking_appointment", code=code, appointment_id=made)
    policy = policy_of(hospital.pk, now=clock.now())
    back = f"/m/{code}/book/{found.session.department_id}/?on={found.session.on:%Y-%m-%d}"
    frame = phone_frame(
        request,
        hospital,
        heading="确认预约",
        back_url=back,
        slot=found,
        form=ForWhom(people),
        people=people,
        policy=policy,
        cancel_until=policy.cancel_until(found.begins_at),
        me_url=f"/m/{code}/me/",
    )
    return render(request, "booking/slot.html", frame)


def _book(request: HttpRequest, *, hospital: Hospital, slot_id: UUID) -> UUID | None:
    """Book for the chosen person; a refusal is said on the page."""
    account = account_of(request)
    try:
        chosen = UUID(request.POST["patient_id"])
        patient = patient_for(request, chosen, scope=Scope.BOOK, hospital=hospital)
        answer = form_command(
            request,
            lambda: (
                book_appointment(
                    slot_id=slot_id, patient=patient, channel=Channel.ONLINE, account=account
                ).pk
            ),
        )
    except TooManyVisits as refusal:
        say_refusal(request, refusal, words={refusal.code: words_for_limit(refusal.facts)})
        return None
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
        return None
    return answer.object_id


@page(by_account, sign_in=PHONE_SIGN_IN)
def appointment(request: HttpRequest, *, code: str, appointment_id: UUID) -> HttpResponse:
    """One appointment: where, when, what to do next; the form cancels it."""
    hospital = hospital_or_404(code)
    mine = patients_of(account_of(request).pk, hospital, scope=Scope.BOOK)
    found = _own(appointment_id, mine)
    if request.method == "POST":
        _cancel(request, found)
        return redirect(request.path)
    now = clock.now()
    is_booked = found.status == Appointment.Status.BOOKED
    frame = phone_frame(
        request,
        hospital,
        heading="我的预约",
        back_url=f"/m/{code}/book/",
        appointment=found,
        badge_kind=BADGES.get(found.status, ""),
        is_payable=found.status == Appointment.Status.HELD and now < found.held_until,
        can_cancel=found.can_move_to(Appointment.Status.CANCELLED)
        and (not is_booked or now < found.cancel_until),
        hold_ends=f"{clock.local(found.held_until):%H:%M}",
        idempotency_key=uuid4(),
    )
    return render(request, "booking/appointment.html", frame)


def _own(appointment_id: UUID, mine: Any) -> Appointment:
    found = (
        Appointment.objects.filter(pk=appointment_id, patient__in=mine)
        .select_related("department", "patient", "session__doctor", "session__room", "slot")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _cancel(request: HttpRequest, found: Appointment) -> None:
    try:
        form_command(
            request,
            lambda: cancel_appointment(appointment_id=found.pk, patient=found.patient).pk,
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)


def _department(hospital: Hospital, department_id: UUID) -> Department:
    found = Department.objects.filter(hospital=hospital, pk=department_id).first()
    if found is None:
        raise Http404
    return found


def _first_day(department: Department, today: date, *, last: date) -> date:
    """The first date on which the department works, else today."""
    sessions = Session.objects.filter(
        department=department, on__range=(today, last), status=Session.Status.PUBLISHED
    )
    return sessions.order_by("on").values_list("on", flat=True).first() or today


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def booking_tab(_account_id: UUID, hospital: Hospital) -> list[PhoneTab]:
    """预约."""
    return [PhoneTab("预约", icon="calendar", href=f"/m/{hospital.code}/book/", order=20)]
