"""What is filled in at a device, and about devices and badges."""

from typing import Any

from django import forms

from accounts.models import Device
from accounts.pin import PIN_DIGITS

LONGEST_PROOF = 200  # base64url of 65 bytes is 87 characters
_NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class ProofForm(forms.Form):
    """What the page's script adds: a challenge of ours and the device's signature."""

    challenge = forms.CharField(required=False, max_length=LONGEST_PROOF, widget=forms.HiddenInput)
    signature = forms.CharField(required=False, max_length=LONGEST_PROOF, widget=forms.HiddenInput)


class EnrolForm(ProofForm):
    """The code that the administrator reads out, and the key that the page made."""

    code = forms.CharField(
        label="登记码",
        max_length=30,
        help_text="向管理员要，共 14 位数字，10 分钟内有效。",
        widget=forms.TextInput(attrs=_NUMERIC),
    )
    public_key = forms.CharField(required=False, max_length=LONGEST_PROOF, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        """The digits alone."""
        return "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())


class BadgeForm(ProofForm):
    """Badge and PIN; the device adds who it is."""

    badge_number = forms.CharField(
        label="工牌",
        max_length=40,
        help_text="扫工牌上的条码，或贴近读卡器。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    pin = forms.CharField(
        label="PIN", max_length=PIN_DIGITS, widget=forms.PasswordInput(attrs=_NUMERIC)
    )
    device_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class DeviceForm(forms.Form):
    """A device that is to come into use."""

    name = forms.CharField(
        label="设备名称", max_length=40, help_text="与标签一致，如：心内科平板 3"
    )
    place = forms.CharField(label="位置", max_length=60, help_text="病区、诊台或窗口")
    kind = forms.ChoiceField(
        label="类型",
        choices=Device.Kind.choices,
        widget=forms.RadioSelect,
        initial=Device.Kind.TABLET,
    )


class GiveBadgeForm(forms.Form):
    """Who is to carry which badge."""

    staff_number = forms.CharField(
        label="工号", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    badge_number = forms.CharField(
        label="工牌号",
        max_length=40,
        help_text="扫工牌上的条码，或照着输入。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PinForm(forms.Form):
    """A PIN, twice."""

    pin = forms.CharField(
        label="新 PIN",
        max_length=PIN_DIGITS,
        help_text="6 位数字。不要用生日、连号、重复的数字或工号。",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次",
        max_length=PIN_DIGITS,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if said.get("pin") and said.get("again") and said["pin"] != said["again"]:
            self.add_error("again", "两次输入的不一样。")
        return said
