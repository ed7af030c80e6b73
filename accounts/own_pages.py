"""What a staff member does about their own account: the password, the second factor."""

from datetime import datetime
from urllib.parse import urlencode

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions.password import change_own_password
from accounts.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    use_second_factor,
)
from accounts.actions.sign_in import sign_in_staff
from accounts.codes import address_of
from accounts.entrance import STAFF_PAGES, safe_next
from accounts.errors import (
    CodeRefused,
    PasswordOver,
    PasswordWeak,
    SecondFactorThere,
    SecondFactorUnknown,
    SignInLocked,
    SignInRefused,
)
from accounts.frames import staff_frame
from accounts.models import RecoveryCode, SecondFactor, Staff
from accounts.rules import by_staff_halfway, staff_of
from accounts.strength import is_inside, remember_proof
from accounts.throttles import PasswordByAddress, refuse_flood
from common.clock import local
from common.errors import DomainError, TooMany
from common.pages import page

OWN_REFUSALS = (
    SignInRefused,
    SignInLocked,
    PasswordWeak,
    PasswordOver,
    CodeRefused,
    SecondFactorUnknown,
    SecondFactorThere,
    TooMany,
)
WEAK = {
    "password_too_short": "至少十个字符",
    "password_too_common": "不能是常见密码",
    "password_entirely_numeric": "不能全是数字",
    "password_too_similar": "不能和账号相似",
    "password_same": "不能和原密码相同",
}
WORDS = {
    "accounts.sign_in_refused": "密码不对。",
    "accounts.password_over": "这个一次性密码已经过期，请找系统管理员重置。",
    "accounts.code_refused": "口令不对，或者已经用过。请等下一个口令再试。",
    "accounts.second_factor_unknown": "还没有绑定动态口令。",
    "accounts.second_factor_there": "已经绑定过动态口令。",
    "common.too_many": "尝试太频繁，请过一分钟再试。",
}


def said(refusal: DomainError) -> str:
    """Why not, in plain words."""
    if isinstance(refusal, PasswordWeak):
        reasons = [str(one) for one in refusal.facts["reasons"]]  # type: ignore[attr-defined]  # our own fact
        return f"新密码不合要求：{'，'.join(WEAK.get(one, one) for one in reasons)}。"
    until = refusal.facts.get("until")
    if isinstance(until, datetime):
        return f"错误次数太多，请在 {local(until):%H:%M} 以后再试。"
    return WORDS[refusal.code]


class PasswordForm(forms.Form):
    """The old password and the new one, twice."""

    current = forms.CharField(
        label="现在的密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        help_text="至少十个字符，不要用常见的词或全数字",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        """Both new ones are the same."""
        if self.cleaned_data.get("new") != self.cleaned_data.get("again"):
            self.add_error("again", "两次输入不一致。")


class CodeForm(forms.Form):
    """Six digits of the authenticator, or a recovery code."""

    code = forms.CharField(
        label="动态口令",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class BeginForm(forms.Form):
    """The password once more, so that nobody binds a telephone at an open screen."""

    current = forms.CharField(
        label="您的密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


def _onward(request: HttpRequest, asked: str) -> str:
    home = f"/staff/{staff_of(request).hospital.code}/"
    return safe_next(asked, under=STAFF_PAGES, default=home)


def _bound(staff: Staff) -> SecondFactor | None:
    factors = SecondFactor.objects.filter(account_id=staff.account_id)
    return factors.exclude(confirmed_at=None).first()


@page(by_staff_halfway)
def password(request: HttpRequest) -> HttpResponse:
    """The own password; who came with a one-time password comes here first."""
    staff = staff_of(request)
    is_first = staff.password_until is not None
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, PasswordByAddress)
            given = form.cleaned_data
            change_own_password(staff=staff, current=given["current"], new=given["new"])
        except OWN_REFUSALS as refusal:
            form.add_error(None, said(refusal))
        else:
            update_session_auth_hash(request, staff.account)
            messages.success(request, "密码已经修改，其他地方的登录都已退出。")
            return redirect(f"/staff/{staff.hospital.code}/")
    status = 422 if form.errors else 200
    if is_first:
        return render(request, "accounts/first_password.html", {"form": form}, status=status)
    frame = staff_frame(request, heading="修改密码", form=form)
    return render(request, "accounts/password.html", frame, status=status)


@page(by_staff_halfway)
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code of the authenticator, then on to where the person was going."""
    staff = staff_of(request)
    if _bound(staff) is None:
        onward = _onward(request, request.GET.get("next", ""))
        return redirect(f"/staff/second-factor/bind/?{urlencode({'next': onward})}")
    form = CodeForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, PasswordByAddress)
            factor = use_second_factor(staff=staff, code=form.cleaned_data["code"])
        except OWN_REFUSALS as refusal:
            form.add_error("code", said(refusal))
        else:
            remember_proof(request, staff.account, by=str(factor.pk))
            return redirect(_onward(request, form.cleaned_data["next"]))
    return render(
        request, "accounts/second_factor.html", {"form": form}, status=422 if form.errors else 200
    )


@page(by_staff_halfway)
def bind(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator: the password, the QR code, a code of it, the recovery codes.

    Only inside the hospital, or who has stolen a password could bind a telephone of their own.
    """
    staff = staff_of(request)
    bound = _bound(staff)
    if bound is not None:
        return _is_bound(request, bound)
    if not is_inside(request, staff):
        return render(request, "accounts/bind_inside.html", status=403)
    if request.POST.get("act") == "confirm":
        return _confirm(request, staff)
    form = BeginForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, PasswordByAddress)
            sign_in_staff(
                username=staff.account.username or "", password=form.cleaned_data["current"]
            )
            begun = begin_second_factor(staff=staff)
        except OWN_REFUSALS as refusal:
            form.add_error("current", said(refusal))
        else:
            request.session["binding"] = str(begun.pk)
            code_form = CodeForm(initial={"next": form.cleaned_data["next"]})
            return _scan(request, begun, form=code_form)
    status = 422 if form.errors else 200
    return render(request, "accounts/bind.html", {"form": form}, status=status)


def _scan(request: HttpRequest, begun: SecondFactor, *, form: CodeForm) -> HttpResponse:
    """The secret as a picture, and as signs for who cannot scan."""
    staff = staff_of(request)
    address = address_of(
        begun.secret, who=staff.account.username or staff.number, issuer=staff.hospital.name
    )
    context = {
        "form": form,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(scale=5),
        "secret": begun.secret,
    }
    return render(request, "accounts/scan.html", context, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A code of the scanned secret; the session that began it may see the secret again."""
    begun = SecondFactor.objects.filter(account_id=staff.account_id, confirmed_at=None).first()
    if begun is None or str(begun.pk) != request.session.get("binding"):
        return redirect("/staff/second-factor/bind/")
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            codes = confirm_second_factor(staff=staff, code=form.cleaned_data["code"].strip())
        except OWN_REFUSALS as refusal:
            form.add_error("code", said(refusal))
        else:
            request.session.pop("binding", None)
            remember_proof(request, staff.account, by=str(begun.pk))
            onward = _onward(request, form.cleaned_data["next"])
            return render(request, "accounts/recovery.html", {"codes": codes, "onward": onward})
    return _scan(request, begun, form=form)


def _is_bound(request: HttpRequest, bound: SecondFactor) -> HttpResponse:
    """Since when, and how many recovery codes are left."""
    left = RecoveryCode.objects.filter(factor=bound, used_at=None).count()
    frame = staff_frame(request, heading="动态口令", bound=bound, left=left)
    return render(request, "accounts/bound.html", frame)
