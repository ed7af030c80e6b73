"""The phone's own pages: which hospital, who am I, and whom do I look after."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from accounts.throttles import RegistrationByAccount, RegistrationByAddress, refuse_flood
from common import clock
from common.errors import DomainError
from common.pages import form_command, page
from hospitals.errors import HospitalUnknown
from hospitals.models import Hospital
from hospitals.views import hospital_of
from patients.access import show_to_family
from patients.actions.register import register_patient
from patients.documents import masked
from patients.frames import phone_frame, phone_home
from patients.identity import Identity
from patients.models import Grant, Relation
from patients.words import USUAL, WORDS


class PersonForm(forms.Form):
    """Somebody to register: oneself, or one of the family."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(label="姓名", max_length=100, help_text="与身份证上的一致")
    document_number = forms.CharField(
        label="身份证号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    phone = forms.CharField(
        label="手机号",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    relation = forms.ChoiceField(
        label="这是", choices=Relation.choices, widget=forms.RadioSelect, initial=Relation.SELF
    )


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
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, RegistrationByAccount, RegistrationByAddress)
            form_command(request, lambda: _register(request, hospital, form=form))
        except DomainError as refusal:
            field, words = WORDS.get(refusal.code, USUAL)
            form.add_error(field, words)
        else:
            messages.success(request, "已经添加。")
            return redirect(request.path)
    grants = Grant.objects.valid(clock.now()).of_account(account_of(request).pk)
    mine = list(grants.filter(hospital=hospital).select_related("patient").order_by("pk"))
    show_to_family(
        account_id=account_of(request).pk,
        patients=[grant.patient for grant in mine],
        shown="person",
        is_daily=True,
    )
    people = [(grant, masked(grant.patient.document_number)) for grant in mine]
    frame = phone_frame(request, hospital, heading="我的", people=people, form=form)
    return render(request, "patients/me.html", frame, status=422 if form.errors else 200)


def _register(request: HttpRequest, hospital: Hospital, *, form: PersonForm) -> UUID:
    said = form.cleaned_data
    return register_patient(
        account=account_of(request),
        hospital=hospital,
        identity=Identity(
            name=said["name"], document_number=said["document_number"], phone=said["phone"]
        ),
        relation=said["relation"],
    ).pk
