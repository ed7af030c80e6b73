"""The phone's pages about cards: all of them, and one that shows its code."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Account
from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from cards.actions.bind import bind_credential
from cards.actions.change import report_lost
from cards.actions.open import open_virtual_card
from cards.codes import FRESH_AFTER_SECONDS
from cards.errors import CardClosed, CardUnknown
from cards.models import Card, Use
from cards.serializers import BOUND
from cards.showing import card_for, cards_of, drawn, fresh_code, own_patient, uses_for
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from patients.access import patient_for, patients_of, show_to_family
from patients.frames import phone_frame
from patients.pages import hospital_or_404

WORDS = {
    "cards.of_another": "这个凭证不是本人的，或已绑定在别人名下，请到窗口办理。",
    "cards.code_unreadable": "凭证无效或已过期，请重新获取。",
    "cards.port_away": "发卡方暂时没有回应，请稍后再试。",
    "cards.closed": "这张卡已挂失，请到窗口解挂。",
}


class BindForm(forms.Form):
    """A credential and whose it is."""

    patient_id = forms.ChoiceField(label="就诊人", widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label="凭证",
        choices=[(one.value, one.label) for one in BOUND],
        widget=forms.RadioSelect,
        initial=BOUND[0],
    )
    shown = forms.CharField(
        label="授权码",
        max_length=200,
        help_text="在电子健康卡或医保小程序里获取",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
def cards(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody's cards; open a virtual one, bind a credential."""
    hospital, account = hospital_or_404(code), account_of(request)
    people = list(patients_of(account.pk, hospital).order_by("pk"))
    form = BindForm(request.POST if request.POST.get("act") == "bind" else None)
    form.fields["patient_id"].choices = [  # type: ignore[attr-defined]  # a choice field
        (str(one.pk), one.name) for one in people
    ]
    if request.method == "POST" and _act(request, hospital, form=form):
        return redirect(request.path)
    show_to_family(account_id=account.pk, patients=people, shown="cards", is_daily=True)
    standing = list(cards_of(account, hospital=hospital))
    rows = [(one, [card for card in standing if card.patient_id == one.pk]) for one in people]
    frame = phone_frame(
        request,
        hospital,
        heading="就诊卡",
        back_url=f"/m/{code}/me/",
        rows=[(one, held, _virtual(held)) for one, held in rows],
        key=uuid4(),
        form=form,
    )
    return render(request, "cards/cards.html", frame, status=422 if form.errors else 200)


def _virtual(held: list[Card]) -> Card | None:
    return next((card for card in held if card.kind == Card.Kind.VIRTUAL), None)


def _act(request: HttpRequest, hospital: Hospital, *, form: BindForm) -> bool:
    """Whether the page is to be shown afresh."""
    account = account_of(request)
    try:
        if request.POST.get("act") == "bind":
            if not form.is_valid():
                return False
            said = form.cleaned_data
            whose = own_patient(account, UUID(said["patient_id"]), hospital=hospital)
            bind_credential(patient=whose, kind=Card.Kind(said["kind"]), shown=said["shown"])
            messages.success(request, "已绑定。")
        else:
            patient = patient_for(
                request, _uuid(request.POST.get("patient_id", "")), hospital=hospital
            )
            form_command(request, lambda: open_virtual_card(patient=patient).pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
    return True


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
def card(request: HttpRequest, *, code: str, card_id: UUID) -> HttpResponse:
    """One card: its code for the chosen use, and reporting it lost."""
    hospital, account = hospital_or_404(code), account_of(request)
    found = _card(account, card_id, hospital=hospital)
    if request.method == "POST":
        try:
            form_command(request, lambda: report_lost(card_id=found.pk, hospital_id=hospital.pk).pk)
            messages.success(request, "已挂失，这张卡不能再使用。")
        except DomainError as refusal:
            say_refusal(request, refusal, words=WORDS)
        return redirect(request.path)
    show_to_family(account_id=account.pk, patients=[found.patient], shown="cards", is_daily=True)
    uses = uses_for(account, found.patient)
    asked = request.GET.get("use", "")
    use = Use(asked) if asked in uses else uses[0]
    frame = phone_frame(
        request,
        hospital,
        heading=found.get_kind_display(),
        back_url=f"/m/{code}/me/cards/",
        card=found,
        uses=uses,
        key=uuid4(),
        **_shown(account, found, use=use),
    )
    return render(request, "cards/card.html", frame)


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def card_code(request: HttpRequest, *, code: str, card_id: UUID) -> HttpResponse:
    """The part of the page that changes by itself: a fresh code."""
    hospital, account = hospital_or_404(code), account_of(request)
    found = _card(account, card_id, hospital=hospital)
    asked = request.GET.get("use", "")
    if asked not in uses_for(account, found.patient):
        raise Http404
    return render(request, "cards/code.html", _shown(account, found, use=Use(asked)))


def _card(account: Account, card_id: UUID, *, hospital: Hospital) -> Card:
    try:
        return card_for(account, card_id, hospital=hospital)
    except CardUnknown as unknown:
        raise Http404 from unknown


def _shown(account: Account, found: Card, *, use: Use) -> dict[str, object]:
    """The picture, or nothing where the card shows none."""
    try:
        picture = drawn(fresh_code(account, found, use=use))
    except (CardUnknown, CardClosed):
        picture = ""
    return {"picture": picture, "use": use, "every_seconds": FRESH_AFTER_SECONDS}


def _uuid(text: str) -> UUID:
    """Raises Http404 for what is no key."""
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble
