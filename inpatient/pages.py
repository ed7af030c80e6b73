"""The ward's tablet: the board, admitting, the stay, going home."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.frames import staff_frame
from accounts.models import Role
from accounts.rules import by_staff, staff_of
from clinic.models import Department, PriceItem
from clinic.reach import reach_of
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.policy import policy_of
from inpatient import screens
from inpatient.actions.admit import admit
from inpatient.actions.deposit import ask_balance, ask_deposit
from inpatient.actions.discharge import discharge
from inpatient.actions.line import Charged, add_daily_line, reverse_daily_line
from inpatient.care import WARD_ROLES
from inpatient.forms import AdmitForm, DepositForm, FindForm, LeaveForm, LineForm, SearchForm
from inpatient.identity import Given
from inpatient.models import Admission
from inpatient.words import REFUSALS

MOST_PRICES = 200  # offered while one types; any other code can be typed


@page(by_staff(*WARD_ROLES))
def wards(request: HttpRequest, code: str) -> HttpResponse:
    """The wards where somebody works."""
    staff = staff_of(request)
    rows = screens.wards_of(staff.hospital, reach=reach_of(staff))
    return render(
        request,
        "inpatient/wards.html",
        staff_frame(request, heading="病区", code=code, rows=rows),
    )


@page(by_staff(*WARD_ROLES))
def ward(request: HttpRequest, *, code: str, ward_id: UUID) -> HttpResponse:
    """The beds of one ward, and who waits for one; a search shows those whom it means."""
    found = _ward(request, ward_id)
    form = FindForm(request.POST or None)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    board = screens.board_of(found, words=words)
    frame = staff_frame(request, heading=found.name, code=code, form=form, **board)
    return render(request, "inpatient/ward.html", frame)


@page(by_staff(*WARD_ROLES))
def ward_live(request: HttpRequest, *, code: str, ward_id: UUID) -> HttpResponse:
    """The part of the board that changes."""
    board = screens.board_of(_ward(request, ward_id))
    context = {**board, "code": code, "staff_role_code": staff_of(request).role}
    return render(request, "inpatient/ward_live.html", context)


def _ward(request: HttpRequest, ward_id: UUID) -> Department:
    rows = Department.objects.filter(hospital=staff_of(request).hospital, bed__isnull=False)
    found = rows.filter(pk=ward_id).first()
    if found is None or not reach_of(staff_of(request)).covers(ward_id):
        raise Http404
    return found


@page(by_staff(Role.NURSE))
def admissions(request: HttpRequest, code: str) -> HttpResponse:
    """Who waits for a bed; a search that never puts a name into an address."""
    form = SearchForm(request.POST or None)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    staff = staff_of(request)
    rows = screens.waiting_for(staff.hospital, reach=reach_of(staff), words=words)
    frame = staff_frame(
        request, heading="办理入院", code=code, form=form, rows=rows, today=clock.today()
    )
    return render(request, "inpatient/admissions.html", frame)


def _stay(request: HttpRequest, admission_id: UUID, *, is_live: bool = False) -> Admission:
    found = screens.stay_for(staff_of(request), admission_id, is_live=is_live)
    if found is None:
        raise Http404
    return found


@page(by_staff(*WARD_ROLES))
def stay(request: HttpRequest, *, code: str, admission_id: UUID) -> HttpResponse:
    """One stay: before the bed the form that admits, then the bill by day."""
    found = _stay(request, admission_id)
    if found.status == Admission.Status.ASKED:
        return _admitting(request, found, code=code)
    if request.method == "POST":
        _act(request, found)
        return redirect("inpatient_stay", code=code, admission_id=admission_id)
    context = {**screens.stay_context(found), **_forms(request, found)}
    frame = staff_frame(request, heading=_heading(found), code=code, **context)
    return render(request, "inpatient/stay.html", frame)


@page(by_staff(*WARD_ROLES))
def stay_live(request: HttpRequest, *, code: str, admission_id: UUID) -> HttpResponse:
    """The part of the stay's page that changes."""
    found = _stay(request, admission_id, is_live=True)
    context = {**screens.stay_context(found), "code": code, "key": uuid4()}
    context["is_nurse"] = staff_of(request).role == Role.NURSE
    return render(request, "inpatient/stay_live.html", context)


def _heading(found: Admission) -> str:
    return f"{found.bed.number}床 住院" if found.bed else "办理入院"


def _forms(request: HttpRequest, found: Admission) -> dict[str, Any]:
    """What a nurse can fill in beside the bill."""
    staff = staff_of(request)
    most_fen = policy_of(staff.hospital_id, now=clock.now()).deposit_asked_fen
    prices = PriceItem.objects.filter(hospital=staff.hospital).order_by("code")
    return {
        "is_nurse": staff.role == Role.NURSE,
        "key": uuid4(),
        "most_fen": most_fen,
        "deposit_form": DepositForm(initial={"amount": Decimal(most_fen) / 100}),
        "line_form": LineForm(),
        "prices": prices[:MOST_PRICES] if found.is_on_ward else [],
    }


def _admitting(request: HttpRequest, found: Admission, *, code: str) -> HttpResponse:
    """Two identifiers and a bed; the wristband is printed after."""
    form = AdmitForm(request.POST or None)
    beds = screens.free_beds(found.ward)
    form.offer(beds)
    if request.method == "POST" and staff_of(request).role == Role.NURSE and form.is_valid():
        said = form.cleaned_data
        given = Given(name=said["name"], document_last_four=said["document_last_four"])
        verb = _bound(
            admit, request, admission_id=found.pk, bed_id=UUID(said["bed_id"]), given=given
        )
        if _done(request, verb, said="已入院，请打印并戴上腕带。"):
            return redirect("inpatient_wristband", code=code, admission_id=found.pk)
    context = {"stay": found, "form": form, "beds": beds, "code": code}
    context["is_nurse"] = staff_of(request).role == Role.NURSE
    frame = staff_frame(request, heading="办理入院", **context)
    status = 422 if request.method == "POST" else 200
    return render(request, "inpatient/admit.html", frame, status=status)


def _bound(verb: Callable[..., Any], request: HttpRequest, **said: Any) -> Callable[[], UUID]:
    """The verb with what was said and who says it."""
    who = (
        {"nurse": staff_of(request)} if verb in {admit, discharge} else {"staff": staff_of(request)}
    )
    return lambda: verb(**said, **who).pk


def _done(request: HttpRequest, verb: Callable[[], UUID], *, said: str) -> bool:
    """Carry it out as one command; a refusal is told in words."""
    try:
        form_command(request, verb)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
        return False
    messages.success(request, said)
    return True


def _act(request: HttpRequest, found: Admission) -> None:
    """What the pressed button of the stay's page says; nurses alone press it."""
    if staff_of(request).role != Role.NURSE:
        raise Http404
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    act(request, found)


def _ask_deposit(request: HttpRequest, found: Admission) -> None:
    form = DepositForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请核对金额。")
        return
    verb = _bound(ask_deposit, request, admission_id=found.pk, amount_fen=form.amount_fen)
    _done(request, verb, said="已通知家属在手机上缴预交金。")


def _ask_balance(request: HttpRequest, found: Admission) -> None:
    verb = _bound(ask_balance, request, admission_id=found.pk)
    _done(request, verb, said="已通知家属在手机上补缴差额。")


def _add_line(request: HttpRequest, found: Admission) -> None:
    form = LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请核对编码、数量和日期。")
        return
    said = form.cleaned_data
    charged = Charged(
        source_number=f"ward-{said['idempotency_key']}"[:75],
        on=said["on"],
        code=said["code"],
        quantity=said["quantity"],
    )
    verb = _bound(add_daily_line, request, admission_id=found.pk, charged=charged)
    _done(request, verb, said="已记账。")


def _reverse_line(request: HttpRequest, found: Admission) -> None:
    wanted = request.POST.get("line_id", "")
    mine = {str(line.pk): line.pk for day in screens.days_of(found) for line in day.lines}
    if wanted not in mine:
        raise Http404
    number = f"ward-{request.POST.get('idempotency_key', '')}"[:75]
    verb = _bound(reverse_daily_line, request, line_id=mine[wanted], source_number=number)
    _done(request, verb, said="已冲销。")


ACTS: dict[str, Callable[[HttpRequest, Admission], None]] = {
    "deposit": _ask_deposit,
    "balance": _ask_balance,
    "line": _add_line,
    "reverse": _reverse_line,
}


@page(by_staff(Role.NURSE))
def leave(request: HttpRequest, *, code: str, admission_id: UUID) -> HttpResponse:
    """The whole bill once more, then the last tap (出院结算)."""
    found = _stay(request, admission_id)
    if not found.is_on_ward:
        return redirect("inpatient_stay", code=code, admission_id=admission_id)
    context = screens.stay_context(found)
    form = LeaveForm(request.POST or None, initial={"agreed": context["bill"].seal})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        verb = _bound(
            discharge,
            request,
            admission_id=found.pk,
            wristband=said["wristband"],
            agreed=said["agreed"],
        )
        if _done(request, verb, said="已出院，床位已空出。"):
            return redirect("inpatient_stay", code=code, admission_id=admission_id)
        return redirect(request.path)
    shown = {**context, "form": form, "code": code, "key": uuid4()}
    frame = staff_frame(request, heading="出院结算", **shown)
    status = 422 if form.errors else 200
    return render(request, "inpatient/leave.html", frame, status=status)


@page(by_staff(Role.NURSE))
def wristband(request: HttpRequest, *, code: str, admission_id: UUID) -> HttpResponse:
    """The band to print and to put on."""
    found = _stay(request, admission_id)
    if not found.is_on_ward:
        raise Http404
    code_image = segno.make(str(found.wristband), error="m", micro=False).svg_data_uri(scale=5)
    frame = staff_frame(request, heading="腕带", code=code, stay=found, code_image=code_image)
    return render(request, "inpatient/wristband.html", frame)
