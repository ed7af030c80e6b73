"""The pharmacist's list and the prescription that is being worked on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.frames import staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.live import StreamName, last_number
from common.pages import form_command, page, say_refusal
from pharmacy import screens
from pharmacy.actions.dispense import (
    LONGEST_WINDOW,
    Proof,
    hand_over,
    make_ready,
    prepare_prescription,
)
from pharmacy.actions.leave import return_to_doctor
from pharmacy.errors import PrescriptionUnknown
from pharmacy.models import STREAM, Prescription
from pharmacy.words import BADGES, CHECKS, REFUSALS


class ReadyForm(forms.Form):
    """Where the drugs wait."""

    window = forms.CharField(label="取药窗口", max_length=LONGEST_WINDOW, initial="1号窗口")


class HandOverForm(forms.Form):
    """The two identifiers of whoever collects the drugs."""

    pickup_code = forms.CharField(
        label="取药码",
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    document_end = forms.CharField(
        label="证件后四位",
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class ReturnForm(forms.Form):
    """Why the doctor must look again."""

    reason = forms.ChoiceField(
        label="退回原因", choices=Prescription.ReturnReason.choices, widget=forms.RadioSelect
    )


FORMS: dict[str, type[forms.Form]] = {
    "prepare": forms.Form,
    "ready": ReadyForm,
    "hand_over": HandOverForm,
    "return": ReturnForm,
}
NEXT_ACT = {
    Prescription.Status.PAID: "prepare",
    Prescription.Status.PREPARING: "ready",
    Prescription.Status.READY: "hand_over",
}
DONE = {
    "prepare": "已接收，请按四查十对调配。",
    "ready": "已配好，已通知患者取药。",
    "hand_over": "已发药，请交代用法用量。",
    "return": "已退回医生，费用将原路退回。",
}


@require_GET
@page(by_staff(Role.PHARMACIST))
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """Today's prescriptions; new ones appear by themselves."""
    staff = staff_of(request)
    context = {"code": code, **_live(staff), "groups": screens.counter_groups(staff)}
    frame = staff_frame(request, heading="药房", **context)
    return render(request, "pharmacy/counter.html", frame)


@require_GET
@page(by_staff(Role.PHARMACIST))
def counter_live(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the list that changes."""
    groups = screens.counter_groups(staff_of(request))
    return render(request, "pharmacy/counter_live.html", {"code": code, "groups": groups})


@require_http_methods(["GET", "POST"])
@page(by_staff(Role.PHARMACIST))
def prescription(request: HttpRequest, code: str, *, prescription_id: UUID) -> HttpResponse:
    """What is prescribed, what must be checked, and the next step."""
    staff = staff_of(request)
    act = request.POST.get("act", "")
    form = FORMS[act](request.POST) if act in FORMS else None
    if form is not None and form.is_valid():
        _act(request, staff=staff, prescription_id=prescription_id, said=form.cleaned_data)
        return redirect("prescription", code=code, prescription_id=prescription_id)
    live = _live(staff)
    one = _opened(prescription_id, staff=staff)
    context = {"code": code, **live, **_context(one), "checks": CHECKS}
    if form is not None:
        context["forms"][act] = form
    frame = staff_frame(request, heading="处方", **context)
    return render(request, "pharmacy/prescription.html", frame, status=422 if form else 200)


@require_GET
@page(by_staff(Role.PHARMACIST))
def prescription_live(request: HttpRequest, code: str, *, prescription_id: UUID) -> HttpResponse:
    """The prescription's state, and whether the page below is out of date."""
    staff = staff_of(request)
    one = Prescription.objects.filter(hospital=staff.hospital, pk=prescription_id).first()
    if one is None:
        raise Http404
    context = {
        "one": one,
        "badge": BADGES[one.status],
        "is_changed": one.status != request.GET.get("was", one.status),
    }
    return render(request, "pharmacy/prescription_live.html", context)


def _opened(prescription_id: UUID, *, staff: Staff) -> Prescription:
    """Raises Http404."""
    try:
        return screens.opened(prescription_id, staff=staff)
    except PrescriptionUnknown as unknown:
        raise Http404 from unknown


def _context(one: Prescription) -> dict[str, Any]:
    return {
        "one": one,
        "badge": BADGES[one.status],
        "age": screens.age_of(one.patient),
        "lines": one.lines.order_by("position"),
        "next_act": NEXT_ACT.get(Prescription.Status(one.status), ""),
        "can_return": one.is_live,
        "forms": {act: kind() for act, kind in FORMS.items()},
        "key": uuid4(),
        "return_key": uuid4(),
    }


def _live(staff: Staff) -> dict[str, Any]:
    """The pharmacy's stream, and the number that the page shows; read before the rows."""
    name = StreamName(staff.hospital_id, STREAM, staff.hospital_id)
    return {
        "live_stream": f"{name.kind}:{name.subject_id}",
        "live_since": last_number(name),
    }


def _act(
    request: HttpRequest, *, staff: Staff, prescription_id: UUID, said: dict[str, str]
) -> None:
    """Do what the pressed button says; a refusal is told in words."""
    target: dict[str, Any] = {"prescription_id": prescription_id, "staff": staff}
    acts: dict[str, Callable[[], Prescription]] = {
        "prepare": lambda: prepare_prescription(**target),
        "ready": lambda: make_ready(**target, window=said["window"]),
        "hand_over": lambda: hand_over(
            **target, proof=Proof(said["pickup_code"], said["document_end"])
        ),
        "return": lambda: return_to_doctor(**target, reason=said["reason"]),
    }
    act = request.POST["act"]
    try:
        form_command(request, lambda: acts[act]().pk)
    except PrescriptionUnknown as unknown:
        raise Http404 from unknown
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    else:
        messages.success(request, DONE[act])
