"""What nurses and doctors fill in."""

from decimal import Decimal
from uuid import uuid4

from django import forms

from clinic.models import Bed, Department
from common import clock

QUIET = {"autocomplete": "off", "autocapitalize": "characters"}
MOST_AT_ONCE = 999


class Keyed(forms.Form):
    """A form whose key is fixed when it is shown."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)


class AskForm(Keyed):
    """住院证."""

    ward_id = forms.TypedChoiceField(label="病区")
    wanted_on = forms.DateField(
        label="入院日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def offer(self, wards: list[Department]) -> None:
        """The wards to choose from, and today as the first day."""
        choice = self.fields["ward_id"]
        choice.choices = [(str(one.pk), one.name) for one in wards]  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["wanted_on"].widget.attrs["min"] = f"{clock.today():%Y-%m-%d}"


class FindForm(forms.Form):
    """Among those on the ward and those who wait for one of its beds."""

    words = forms.CharField(
        label="姓名、拼音或拼音首字母",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=QUIET),
    )


class SearchForm(forms.Form):
    """Among those who wait for a bed."""

    words = forms.CharField(
        label="姓名或证件号后四位",
        help_text="姓名也可以写拼音或首字母",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=QUIET),
    )


class AdmitForm(Keyed):
    """What the person says and shows, and where they will lie."""

    name = forms.CharField(
        label="患者自报姓名",
        max_length=100,
        help_text="请患者自己说，不要念给患者听",
        widget=forms.TextInput(attrs=QUIET),
    )
    document_last_four = forms.CharField(
        label="证件号后四位", min_length=4, max_length=4, widget=forms.TextInput(attrs=QUIET)
    )
    bed_id = forms.TypedChoiceField(label="床位", widget=forms.RadioSelect)

    def offer(self, beds: list[Bed]) -> None:
        """The empty beds to choose from."""
        choice = self.fields["bed_id"]
        choice.choices = [(str(one.pk), f"{one.number}床") for one in beds]  # type: ignore[attr-defined]  # a ChoiceField has them


class DepositForm(Keyed):
    """How much is asked for."""

    amount = forms.DecimalField(
        label="金额（元）", min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )

    @property
    def amount_fen(self) -> int:
        """Whole fen."""
        return int(self.cleaned_data["amount"] * 100)


class LineForm(Keyed):
    """One thing that was used or done."""

    code = forms.CharField(
        label="项目编码", max_length=40, widget=forms.TextInput(attrs={**QUIET, "list": "prices"})
    )
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=MOST_AT_ONCE, initial=1)
    on = forms.DateField(
        label="日期",
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LeaveForm(Keyed):
    """The wristband that was scanned, and the bill that was agreed."""

    wristband = forms.CharField(
        label="扫描腕带",
        max_length=20,
        help_text="扫患者手腕上的码，或输入码旁边的字",
        widget=forms.TextInput(attrs=QUIET),
    )
    agreed = forms.CharField(max_length=64, widget=forms.HiddenInput)
