"""Who may act for me, and for whom I act; and the desk that sees a document."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions.use_code import count_try
from accounts.frames import StaffLink, staff_frame
from accounts.models import OneTimeCode, Staff
from accounts.rules import PHONE_SIGN_IN, account_of, by_account, by_staff, staff_of
from accounts.throttles import REGISTRATION, refuse_flood
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from patients.access import patient_for, show_record, show_to_family
from patients.actions.ask_to_act import ask_for_more, ask_to_act
from patients.actions.confirm import (
    ask_grant_code,
    confirm_at_desk,
    confirm_by_code,
    confirm_on_phone,
    turn_down,
)
from patients.actions.revoke import revoke_grant
from patients.family import family_of
from patients.frames import phone_frame
from patients.granting import BEFORE_CONFIRMATION
from patients.identity import Identity
from patients.models import Grant, GrantRequest, Relation, Scope
from patients.pages import hospital_or_404
from patients.proxy_api import AT_DESK
from patients.requests import open_requests
from patients.words import PROXY_WORDS

MOST_AT_DESK = 50
PLAIN = {
    Scope.BOOK: "预约和取消挂号",
    Scope.PAY: "缴费",
    Scope.QUEUE: "看候诊和取药进度",
    Scope.REPORTS: "看检查报告和病历",
    Scope.INPATIENT: "看住院情况和清单",
}


class AskForm(forms.Form):
    """Somebody whom the hospital knows."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(label="姓名", max_length=100, help_text="与证件上的一致")
    document_number = forms.CharField(
        label="身份证号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label="对方在医院登记的手机号",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="申请为对方",
        choices=[(str(scope), words) for scope, words in PLAIN.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=BEFORE_CONFIRMATION,
    )


@page(by_account, sign_in=PHONE_SIGN_IN)
def family(request: HttpRequest, code: str) -> HttpResponse:
    """`/m/{code}/me/family/`: one tap ends what somebody may do."""
    hospital = hospital_or_404(code)
    form = AskForm(request.POST if request.POST.get("act") == "ask" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            told = _act(request, hospital, form=form)
        except DomainError as refusal:
            say_refusal(request, refusal, words=PROXY_WORDS)
        else:
            messages.success(request, told)
        if not form.is_bound:
            return redirect(request.path)
    found = family_of(account_of(request).pk, hospital)
    show_to_family(
        account_id=account_of(request).pk,
        patients=[one.patient for one in found.by_me],
        shown="person",
        is_daily=True,
    )
    names = found.names
    frame = phone_frame(
        request,
        hospital,
        heading="家人代办",
        form=form,
        for_me=[_row(one, name=names.get(one.account_id, "")) for one in found.for_me],
        by_me=[_row(one, name=one.patient.name) for one in found.by_me],
        to_answer=[_asked(one, name=names.get(one.account_id, "")) for one in found.to_answer],
        asked=[_asked(one, name="") for one in found.asked_by_me],
    )
    return render(request, "patients/family.html", frame, status=422 if form.errors else 200)


def _row(grant: Grant, *, name: str) -> dict[str, Any]:
    may = [PLAIN[scope] for scope in Scope if grant.allows(scope)]
    more = [(str(scope), PLAIN[scope]) for scope in Scope if scope not in grant.scopes]
    return {"grant": grant, "name": name, "may": may, "more": more, "key": uuid4()}


def _asked(asked: GrantRequest, *, name: str) -> dict[str, Any]:
    wanted = [(str(scope), PLAIN[scope]) for scope in Scope if scope in asked.scopes]
    return {"request": asked, "name": name, "wanted": wanted, "key": uuid4(), "again": uuid4()}


def _act(request: HttpRequest, hospital: Hospital, *, form: AskForm) -> str:
    """What was tapped is done; the sentence that says so. Raises DomainError."""
    acts: dict[str, tuple[Callable[[], UUID], str]] = {
        "ask": (lambda: _ask(request, hospital, form=form), "申请已经记下，请对方确认。"),
        "more": (lambda: _more(request, hospital), "申请已经记下，请对方确认。"),
        "end": (lambda: _end(request, hospital), "已经停止。"),
        "code": (lambda: _send_code(request, hospital), "验证码已发往对方登记的手机。"),
        "by_code": (lambda: _by_code(request, hospital), "对方已同意，可以代办了。"),
        "agree": (lambda: _agree(request, hospital), "已经同意。"),
        "refuse": (lambda: _refuse(request, hospital), "已经处理。"),
    }
    act, told = acts.get(request.POST.get("act", ""), acts["refuse"])
    if request.POST.get("act") == "ask":
        refuse_flood(request, *REGISTRATION)
    act() if request.POST.get("act") == "by_code" else form_command(request, act)
    return told


def _key(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)


def _ask(request: HttpRequest, hospital: Hospital, *, form: AskForm) -> UUID:
    said = form.cleaned_data
    return ask_to_act(
        account=account_of(request),
        hospital=hospital,
        identity=Identity(
            name=said["name"], document_number=said["document_number"], phone=said["phone"]
        ),
        relation=Relation.FAMILY,
        scopes=said["scopes"],
    ).pk


def _more(request: HttpRequest, hospital: Hospital) -> UUID:
    patient = patient_for(request, _key(request, "patient_id"), hospital=hospital)
    own = Grant.objects.get(account=account_of(request), patient=patient, ended_at=None)
    wanted = [*own.scopes, *request.POST.getlist("scopes")]
    return ask_for_more(account=account_of(request), patient=patient, scopes=wanted).pk


def _end(request: HttpRequest, hospital: Hospital) -> UUID:
    grant_id = _key(request, "grant_id")
    return revoke_grant(account=account_of(request), hospital=hospital, grant_id=grant_id).pk


def _send_code(request: HttpRequest, hospital: Hospital) -> UUID:
    asked = _key(request, "request_id")
    return ask_grant_code(account=account_of(request), hospital=hospital, request_id=asked).pk


def _by_code(request: HttpRequest, hospital: Hospital) -> UUID:
    asked = _key(request, "request_id")
    tried = count_try(
        use=OneTimeCode.Use.GRANT, subject_id=asked, said=request.POST.get("code", "")
    )
    form_command(
        request,
        lambda: (
            confirm_by_code(
                account=account_of(request), hospital=hospital, request_id=asked, tried=tried
            ).pk
        ),
    )
    return asked


def _agree(request: HttpRequest, hospital: Hospital) -> UUID:
    return confirm_on_phone(
        account=account_of(request),
        hospital=hospital,
        request_id=_key(request, "request_id"),
        scopes=request.POST.getlist("scopes"),
        until_on=_day(request.POST.get("until_on", "")),
    ).pk


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refuse(request: HttpRequest, hospital: Hospital) -> UUID:
    asked = _key(request, "request_id")
    return turn_down(account=account_of(request), hospital=hospital, request_id=asked).pk


@page(by_staff(*AT_DESK))
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """`/staff/{code}/proxies/`: the person stands here with their document."""
    staff = staff_of(request)
    if request.method == "POST":
        try:
            form_command(request, lambda: _confirm(request, staff))
        except DomainError as refusal:
            say_refusal(request, refusal, words=PROXY_WORDS)
        else:
            messages.success(request, "已经确认，对方可以代办了。")
        return redirect(request.path)
    rows = list(open_requests().filter(hospital=staff.hospital).order_by("-pk")[:MOST_AT_DESK])
    show_record(
        staff=staff, patients=[one.patient for one in rows], shown="grant request", reason="desk"
    )
    asked = [_asked(one, name="") for one in rows]
    frame = staff_frame(request, heading="代办确认", rows=asked)
    return render(request, "patients/proxy_desk.html", frame)


def _confirm(request: HttpRequest, staff: Staff) -> UUID:
    return confirm_at_desk(
        staff=staff,
        request_id=_key(request, "request_id"),
        document_number=request.POST.get("document_number", ""),
    ).pk


def proxy_links(staff: Staff) -> list[StaffLink]:
    """代办确认, for the desks that see documents."""
    if staff.role not in AT_DESK:
        return []
    return [
        StaffLink("代办确认", f"/staff/{staff.hospital.code}/proxies/", order=60, icon="person")
    ]
