"""The phone's own pages: which hospital, who am I, and whom do I look after."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from accounts.throttles import REGISTRATION, refuse_flood
from common import clock
from common.errors import DomainError
from common.pages import form_command, page
from hospitals.errors import HospitalUnknown
from hospitals.models import Hospital
from hospitals.views import hospital_of
from patients.access import show_to_family
from patients.actions.register import register_patient
from patients.documents import masked
from patients.forms import PersonForm, kind_choices, kind_named
from patients.frames import next_step, phone_frame, phone_home
from patients.identity import Identity
from patients.models import Document, Grant
from patients.words import badge_of, words_for


def hospital_or_404(code: str) -> Hospital:
    """The hospital of a page. Raises Http404."""
    try:
        return hospital_of(code)
    except HospitalUnknown as unknown:
        raise Http404 from unknown


@page(by_account, sign_in=PHONE_SIGN_IN)
def choose_hospital(request: HttpRequest) -> HttpResponse:
    """The hospitals of this deployment, one's own first; with only one, straight in."""
    hospitals = list(Hospital.objects.order_by("name", "code"))
    if len(hospitals) == 1:
        return redirect(phone_home(hospitals[0].code))
    grants = Grant.objects.valid(clock.now()).of_account(account_of(request).pk)
    known = set(grants.values_list("hospital_id", flat=True))
    rows = [(one, phone_home(one.code), one.pk in known) for one in hospitals]
    rows.sort(key=lambda row: not row[2])
    return render(request, "patients/hospitals.html", {"heading": "选择医院", "rows": rows})


@page(by_account, sign_in=PHONE_SIGN_IN)
def me(request: HttpRequest, code: str) -> HttpResponse:
    """The people one acts for in this hospital, a form for one more, and the text size."""
    hospital = hospital_or_404(code)
    chosen = request.POST.get("document_type") or request.GET.get("document", "")
    kind = kind_named(chosen)
    form = PersonForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, *REGISTRATION)
            form_command(request, lambda: _register(request, hospital, form=form))
        except DomainError as refusal:
            field, words = words_for(refusal.code, kind=kind)
            form.add_error(field if field in form.fields else None, words)
        else:
            messages.success(request, "已经添加。")
            return redirect(f"{request.path}?added=1")
    grants = Grant.objects.valid(clock.now()).of_account(account_of(request).pk)
    mine = list(grants.filter(hospital=hospital).select_related("patient").order_by("pk"))
    show_to_family(
        account_id=account_of(request).pk,
        patients=[grant.patient for grant in mine],
        shown="person",
        is_daily=True,
    )
    frame = phone_frame(
        request,
        hospital,
        heading="我的",
        people=_people(mine),
        form=form,
        kind=kind,
        kinds=kind_choices(),
        step=next_step(request, hospital) if "added" in request.GET else None,
    )
    return render(request, "patients/me.html", frame, status=422 if form.errors else 200)


def _people(mine: list[Grant]) -> list[dict[str, Any]]:
    """Each with the document that is shown, and whether somebody has seen it."""
    standing = Document.objects.live().filter(patient__in=[grant.patient_id for grant in mine])
    badges = {(one.patient_id, one.number): badge_of(one) for one in standing.order_by("made_at")}
    rows = []
    for grant in mine:
        patient = grant.patient
        unknown = ("error", "证件失效")
        kind, label = badges.get((patient.pk, patient.document_number), unknown)
        rows.append(
            {
                "grant": grant,
                "document": masked(patient.document_number),
                "badge_kind": kind,
                "badge_label": label,
            }
        )
    return rows


def _register(request: HttpRequest, hospital: Hospital, *, form: PersonForm) -> UUID:
    said = form.cleaned_data
    return register_patient(
        account=account_of(request),
        hospital=hospital,
        identity=Identity(
            name=said["name"],
            document_number=said["document_number"],
            phone=said["phone"],
            document_type=form.kind.type,
            nationality=said.get("nationality", ""),
            born_on=said.get("born_on"),
            sex=said.get("sex", ""),
        ),
        relation=said["relation"],
    ).pk
