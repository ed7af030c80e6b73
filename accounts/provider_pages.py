"""Signing in by the hospital's own service (统一身份认证): there, and back again."""

import hmac
import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.at_device import forget_device
from accounts.entrance import STAFF_PAGES, safe_next
from accounts.errors import ProviderRefusedSignIn, ProviderUnavailable
from accounts.models import SignInProvider, Staff
from accounts.oidc import Pending, address_to_ask, claims_for, had_two_factors
from accounts.strength import BY_PROVIDER, remember_proof
from accounts.throttles import PasswordByAddress, refuse_flood
from common.errors import TooMany
from common.pages import anyone, page

log = logging.getLogger(__name__)
BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "sign_in_under_way"
SIGN_IN = "/staff/sign-in/"


def _provider(code: str) -> SignInProvider:
    rows = SignInProvider.objects.filter(hospital__code=code, is_on=True)
    found = rows.select_related("hospital").first()
    if found is None:
        raise Http404
    return found


def _back(code: str) -> str:
    """Our own address that the provider knows."""
    return f"{settings.PUBLIC_URL}/staff/sign-in/with/{code}/back/"


@page(anyone)
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """The browser goes to the provider; the session remembers what must come back."""
    provider = _provider(code)
    onward = safe_next(request.GET.get("next", ""), under=STAFF_PAGES, default=f"/staff/{code}/")
    pending = Pending.fresh(onward)
    try:
        refuse_flood(request, PasswordByAddress)
        where = address_to_ask(provider, pending=pending, back=_back(code))
    except (ProviderUnavailable, ProviderRefusedSignIn, TooMany) as trouble:
        return _told(request, provider, trouble)
    request.session[PENDING] = pending.as_dict()
    return redirect(where)


@page(anyone)
def back(request: HttpRequest, code: str) -> HttpResponse:
    """The provider said who it is: a staff member of this hospital, in service, is signed in."""
    provider = _provider(code)
    told = request.session.pop(PENDING, None)
    try:
        refuse_flood(request, PasswordByAddress)
        pending = _pending(told, state=request.GET.get("state", ""))
        claims = claims_for(
            provider, code=request.GET.get("code", ""), pending=pending, back=_back(code)
        )
        staff = _staff(provider, str(claims.get(provider.number_claim, "")))
    except (ProviderUnavailable, ProviderRefusedSignIn, TooMany) as trouble:
        return _told(request, provider, trouble)
    forget_device(request)
    login(request, staff.account, backend=BACKEND)
    if had_two_factors(provider, claims):
        remember_proof(request, staff.account, by=BY_PROVIDER)
    return redirect(pending.onward)


def _pending(told: dict[str, str] | None, *, state: str) -> Pending:
    """The sign-in that this browser began. Raises ProviderRefusedSignIn."""
    if told is None or not hmac.compare_digest(told["state"].encode(), state.encode()):
        raise ProviderRefusedSignIn(because="state")
    return Pending(**told)


def _staff(provider: SignInProvider, number: str) -> Staff:
    """Raises ProviderRefusedSignIn for a number of nobody and of who has left."""
    working = Staff.objects.of_hospital(provider.hospital_id).working()
    staff = working.filter(number=number).select_related("account").first() if number else None
    if staff is None:
        raise ProviderRefusedSignIn(because="nobody")
    return staff


def _told(request: HttpRequest, provider: SignInProvider, trouble: Exception) -> HttpResponse:  # noqa: PLR0917 - as one says it
    """Back at the door, in plain words; the reason stands in the log, by code."""
    reason = getattr(trouble, "facts", {}).get("because", type(trouble).__name__)
    log.warning("sign-in by provider %s: %s", provider.pk, reason)
    if isinstance(trouble, ProviderRefusedSignIn):
        messages.error(request, f"{provider.label}没有确认您的身份，或您的工号不在本院在职人员中。")
    else:
        messages.error(request, f"{provider.label}暂时连不上，请稍后再试，或用账号密码登录。")
    return redirect(SIGN_IN)
