"""The phone's home page (首页): the day, what comes next, what is due, and every way on."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from booking.models import Appointment
from common import clock
from common.live import StreamName, last_number
from common.pages import page
from common.templatetags.kit import clock_time
from hospitals.models import Hospital
from journey.days import Day, coming_appointments, day_of, grants_in
from journey.due import due_of
from patients.access import show_to_family
from patients.frames import phone_frame
from patients.models import Grant
from patients.pages import hospital_or_404
from queueing.models import DAY_STREAM

# Label, icon, and where it is under the hospital's pages.
WAYS = (
    ("预约挂号", "calendar", "book/"),
    ("今日就诊", "route", "visits/today/"),
    ("待缴费用", "yuan", "due/"),
    ("报告", "flask", "reports/"),
    ("处方", "pill", "prescriptions/"),
    ("住院", "bed", "stay/"),
    ("就诊记录", "paper", "visits/"),
)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The day of one of one's people, and where to go."""
    hospital = hospital_or_404(code)
    root = f"/m/{code}/"
    ways = [{"label": label, "icon": icon, "href": root + there} for label, icon, there in WAYS]
    shown = _shown(request, hospital)
    frame = phone_frame(request, hospital, heading="首页", ways=ways, **shown)
    unread = sum(tab["count"] for tab in frame["tabs"] if tab["href"] == f"{root}messages/")
    return render(request, "journey/home.html", frame | {"unread": unread})


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def day(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the home page that changes, as it is now."""
    hospital = hospital_or_404(code)
    return render(request, "journey/day.html", {"hospital": hospital, **_shown(request, hospital)})


def _shown(request: HttpRequest, hospital: Hospital) -> dict[str, Any]:
    """What the part that changes shows; without people, nothing of a day."""
    today = clock.today()
    account_id = account_of(request).pk
    grants = grants_in(account_id, hospital)
    show_to_family(
        account_id=account_id,
        patients=[grant.patient for grant in grants],
        shown="day",
        is_daily=True,
    )
    appointments = coming_appointments(grants, today=today)
    here_today = [one.patient_id for one in appointments if one.visit_on == today]
    chosen = _chosen(request, grants, otherwise=next(iter(here_today), None))
    still_to_come = (one for one in appointments if one.status != Appointment.Status.ARRIVED)
    coming = next(still_to_come, None)
    shown: dict[str, Any] = {
        "today": today,
        "people": grants,
        "coming": coming,
        "coming_patient": _patient_of(coming.patient_id, grants) if coming else None,
        "due": due_of(grants, hospital),
    }
    return shown if chosen is None else shown | _of_day(chosen, hospital)


def _of_day(grant: Grant, hospital: Hospital) -> dict[str, Any]:
    """One person's day; the stream's number is read before the rows."""
    stream = StreamName(hospital.pk, DAY_STREAM, grant.patient_id)
    since = last_number(stream)
    found = day_of(grant, on=clock.today())
    return {
        "day": found,
        "steps": _steps(found),
        "since": since,
        "stream": f"{DAY_STREAM}:{grant.patient_id}",
    }


def _steps(found: Day) -> list[dict[str, str]]:
    """As the part `steps` shows them."""
    return [
        {
            "state": step.state,
            "title": step.title,
            "time": clock_time(step.at),
            "place": step.place,
            "href": step.href,
        }
        for step in found.steps
    ]


def _chosen(request: HttpRequest, grants: list[Grant], *, otherwise: UUID | None) -> Grant | None:
    """Whom the address names; else who has an appointment today; else oneself. Raises Http404."""
    named = request.GET.get("person", "")
    if named:
        found = next((grant for grant in grants if str(grant.patient_id) == named), None)
        if found is None:
            raise Http404
        return found
    today = next((grant for grant in grants if grant.patient_id == otherwise), None)
    return today or next(iter(grants), None)


def _patient_of(patient_id: UUID, grants: list[Grant]) -> Any:
    return next(grant.patient for grant in grants if grant.patient_id == patient_id)
