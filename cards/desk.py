"""Where staff read a card: a code, or a number and a birth date."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.frames import StaffLink, staff_frame
from accounts.models import Staff
from accounts.rules import by_staff, staff_of
from cards.codes import is_code
from cards.models import AT_DESKS, READERS, Card, Use
from cards.reading import shown_by_code, shown_by_number
from common.errors import DomainError
from common.pages import page
from patients.documents import masked

LONGEST = 200
WORDS = {
    "cards.code_unreadable": "这不是本院的就诊卡码，请重新扫描。",
    "cards.code_over": "这个码已过 60 秒，请患者刷新后再扫。",
    "cards.code_used": "这个码已经用过，请患者刷新后再扫。",
    "cards.code_for_another_use": "这个码不是用于这里的，请患者在手机上选对用途。",
    "cards.closed": "这张卡已挂失或注销，请核对身份证件。",
    "patients.reason_needed": "这位患者的资料受特别保护，请核对身份证件办理。",
    "cards.holder_unproved": "卡号与出生日期对不上，请核对身份证件。",
    "common.too_many": "试得太多，请一小时后再试，或核对身份证件。",
}


class ReadForm(forms.Form):
    """What the reader read."""

    text = forms.CharField(
        label="就诊卡码或卡号",
        max_length=LONGEST,
        help_text="扫患者手机上的码，或实体卡、电子健康卡的码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    born_on = forms.DateField(
        label="出生日期",
        required=False,
        help_text="只读到卡号时，请患者说出出生日期",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    use = forms.ChoiceField(label="用途", widget=forms.RadioSelect)

    def __init__(self, *args: Any, uses: list[Use], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["use"]
        field.choices = [(one.value, one.label) for one in uses]  # type: ignore[attr-defined]
        field.initial = uses[0].value

    def clean(self) -> dict[str, Any]:
        """A number alone proves nothing (domain 4.2)."""
        said: dict[str, Any] = super().clean() or {}
        text = said.get("text", "")
        if text and not is_code(text) and not said.get("born_on"):
            self.add_error("born_on", "只有卡号时，要核对出生日期。")
        return said


def uses_at(staff: Staff) -> list[Use]:
    """What this staff member reads cards for."""
    return [use for use in Use if staff.role in READERS[use]]


@require_http_methods(["GET", "POST"])
@page(by_staff(*AT_DESKS))
def reader(request: HttpRequest, code: str) -> HttpResponse:
    """Read a card; whom it names is shown once, and the patient can see who read it."""
    staff = staff_of(request)
    uses = uses_at(staff)
    form = ReadForm(request.POST or None, uses=uses)
    card = None
    if request.method == "POST" and form.is_valid():
        try:
            card = _read(form.cleaned_data, staff=staff)
        except DomainError as refusal:
            form.add_error("text", WORDS.get(refusal.code, "没有读出来，请再试一次。"))
    frame = staff_frame(
        request,
        heading="读卡",
        form=form if card is None else ReadForm(uses=uses),
        card=card,
        document=masked(card.patient.document_number) if card else "",
        is_deceased=card is not None and card.patient.person.deceased_at is not None,
    )
    return render(request, "cards/reader.html", frame, status=422 if form.errors else 200)


def _read(said: dict[str, Any], *, staff: Staff) -> Card:
    use = Use(said["use"])
    if is_code(said["text"]):
        return shown_by_code(said["text"], use=use, staff=staff)
    return shown_by_number(said["text"], born_on=said["born_on"], use=use, staff=staff)


def place_of_work(staff: Staff) -> list[StaffLink]:
    """读卡, for whoever reads cards."""
    if not uses_at(staff):
        return []
    address = f"/staff/{staff.hospital.code}/cards/"
    return [StaffLink("读卡", href=address, order=80, icon="search")]
