"""The doors: first page, phone entrance, staff sign-in and home."""

from typing import cast

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions.sign_in import sign_in_staff
from accounts.actions.ticket import use_ticket
from accounts.at_device import forget_device
from accounts.entrance import PHONE_PAGES, STAFF_PAGES, demonstration, safe_next
from accounts.errors import PasswordOver, SignInLocked, SignInRefused, TicketUnknown
from accounts.frames import links_for, staff_frame
from accounts.models import BADGE_ROLES, OneTimeTicket, SignInProvider
from accounts.rules import by_account, by_staff, known_staff, staff_of
from accounts.sessions import SessionStore
from accounts.throttles import PasswordByAddress, TicketByAddress, refuse_flood
from common.clock import local
from common.errors import TooMany
from common.pages import anyone, page

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInForm(forms.Form):
    """Name and password of a staff member."""

    username = forms.CharField(
        label="账号",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


@page(anyone)
def first_page(request: HttpRequest) -> HttpResponse:
    """What this is, and where to go."""
    return render(request, "accounts/first.html", {"demonstration": demonstration()})


@page(anyone)
def enter(request: HttpRequest) -> HttpResponse:
    """The web view's ticket becomes a session; without one, say where the door is."""
    onward = safe_next(request.GET.get("next", ""), under=PHONE_PAGES, default=PHONE_PAGES)
    ticket = request.GET.get("ticket", "")
    try:
        if ticket:
            refuse_flood(request, TicketByAddress)
            spent = use_ticket(ticket=ticket, use=OneTimeTicket.Use.WEB)
            login(request, spent.account, backend=BACKEND)
            cast("SessionStore", request.session).fall_with(spent.login_id)
            return redirect(onward)
    except (TicketUnknown, TooMany):
        ticket = "spent"
    if by_account(request):
        return redirect(onward)
    context = {"is_spent": bool(ticket), "demonstration": demonstration()}
    return render(request, "accounts/enter.html", context, status=401 if ticket else 200)


@page(anyone)
def sign_in(request: HttpRequest) -> HttpResponse:
    """A staff member signs in; the session gets a new key."""
    known = known_staff(request)
    if request.method != "POST":
        if known is not None:
            return redirect(f"/staff/{known.hospital.code}/")
        form = SignInForm(initial={"next": request.GET.get("next", "")})
        return render(request, "accounts/sign_in.html", _door(form))
    form = SignInForm(request.POST)
    if form.is_valid():
        try:
            return _signed_in(request, form)
        except SignInRefused:
            form.add_error(None, "账号或密码不对。")
        except SignInLocked as locked:
            until = local(locked.facts["until"])  # type: ignore[arg-type]  # our own fact
            form.add_error(None, f"错误次数太多，请在 {until:%H:%M} 以后再试。")
        except TooMany:
            form.add_error(None, "尝试太频繁，请过一分钟再试。")
        except PasswordOver:
            form.add_error(None, "这个一次性密码已经过期，请找系统管理员重置。")
    return render(request, "accounts/sign_in.html", _door(form), status=422)


def _door(form: SignInForm) -> dict[str, object]:
    """The form, and a button for each hospital's own sign-in service."""
    providers = SignInProvider.objects.filter(is_on=True).select_related("hospital")
    return {"form": form, "providers": providers.order_by("hospital__code")}


def _signed_in(request: HttpRequest, form: SignInForm) -> HttpResponse:
    """Raises SignInRefused, SignInLocked, PasswordOver, TooMany."""
    refuse_flood(request, PasswordByAddress)
    said = form.cleaned_data
    account = sign_in_staff(username=said["username"], password=said["password"])
    forget_device(request)
    login(request, account, backend=BACKEND)
    home = f"/staff/{staff_of(request).hospital.code}/"
    return redirect(safe_next(said["next"], under=STAFF_PAGES, default=home))


@page(anyone)
def leave(request: HttpRequest) -> HttpResponse:
    """The session ends; only a form of ours ends it."""
    if request.method == "POST":
        logout(request)
    return redirect("/staff/sign-in/")


@page(by_staff())
def home(request: HttpRequest, code: str) -> HttpResponse:
    """Every place of work of this staff member."""
    frame = staff_frame(
        request,
        heading="工作台",
        links=links_for(staff_of(request)),
        logins_url=f"/staff/{code}/my-sign-ins/",
        has_pin=staff_of(request).role in BADGE_ROLES,
    )
    return render(request, "accounts/home.html", frame)
