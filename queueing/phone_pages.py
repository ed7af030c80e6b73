"""The phone: today's number, how many are ahead, where to go."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Account
from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from booking.models import Appointment
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from patients.access import patients_of, show_to_family
from patients.frames import phone_frame
from patients.models import Grant, Patient, Scope
from patients.pages import hospital_or_404
from queueing import screens
from queueing.actions.check_in import check_in
from queueing.models import DAY_STREAM
from queueing.words import REFUSALS
from visits.asking import DayStep, day_steps_from

MOST_PEOPLE = 8  # as many streams as one socket follows


@page(by_account, sign_in=PHONE_SIGN_IN)
def today(request: HttpRequest, code: str) -> HttpResponse:
    """Today's visits of everybody the account waits for; a tap checks in."""
    hospital = hospital_or_404(code)
    people = _people(request, hospital)
    if request.method == "POST":
        _check_in(request, hospital=hospital, people=people)
        return redirect("queue_today", code=code)
    context = _context(request, hospital, people=people)
    frame = phone_frame(request, hospital, heading="今天的就诊", code=code, **context)
    return render(request, "queueing/today.html", frame)


@page(by_account, sign_in=PHONE_SIGN_IN)
def today_live(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the page that changes."""
    hospital = hospital_or_404(code)
    context = _context(request, hospital, people=_people(request, hospital))
    return render(request, "queueing/today_live.html", {**context, "code": code})


def _people(request: HttpRequest, hospital: Hospital) -> list[Patient]:
    account_id = account_of(request).pk
    found = patients_of(account_id, hospital, scope=Scope.QUEUE)
    people = list(found.order_by("made_at")[:MOST_PEOPLE])
    show_to_family(account_id=account_id, patients=people, shown="day", is_daily=True)
    return people


def _context(request: HttpRequest, hospital: Hospital, *, people: list[Patient]) -> dict[str, Any]:
    live = screens.live_of(hospital, DAY_STREAM, *[person.pk for person in people])
    rows = screens.waiting_of(hospital, people)
    return {
        **live,
        "rows": [{"waiting": row, "key": uuid4()} for row in rows],
        "is_family": len({row.appointment.patient_id for row in rows}) > 1,
        "steps": [
            {
                "state": step.state,
                "title": step.title,
                "time": f"{clock.local(step.at):%H:%M}",
                "place": step.place,
            }
            for step in _steps(account_of(request), people)
        ],
    }


def _steps(account: Account, people: list[Patient]) -> list[DayStep]:
    """The day's steps, each only where its patient lets the account know of such."""
    valid = Grant.objects.valid(clock.now()).of_account(account.pk).filter(patient__in=people)
    grants = {grant.patient_id: grant for grant in valid}
    steps = [
        step
        for one in people
        for answer in day_steps_from.ask(one, clock.today())
        for step in answer
        if one.pk in grants and grants[one.pk].allows(step.scope)
    ]
    return sorted(steps, key=lambda step: (step.at, step.state != "done"))


def _check_in(request: HttpRequest, *, hospital: Hospital, people: list[Patient]) -> None:
    """Check in what was tapped; a refusal is told in words. Raises Http404."""
    rows = Appointment.objects.filter(hospital=hospital, patient__in=people)
    appointment = rows.select_related("patient").filter(pk=_wanted(request)).first()
    if appointment is None:
        raise Http404
    account = account_of(request)
    try:
        form_command(
            request,
            lambda: (
                check_in(
                    appointment_id=appointment.pk, patient=appointment.patient, account=account
                ).pk
            ),
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)


def _wanted(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("appointment_id", ""))
    except ValueError as trouble:
        raise Http404 from trouble
