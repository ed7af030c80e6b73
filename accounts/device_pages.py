"""What an enrolled device shows: showing its key, and signing in by badge and PIN."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.actions.badge_in import Shown, leave_device, sign_in_by_badge
from accounts.actions.enrol import enrol_device
from accounts.actions.prove import make_challenge
from accounts.at_device import device_of, remember
from accounts.device_forms import BadgeForm, EnrolForm
from accounts.entrance import STAFF_PAGES, safe_next
from accounts.errors import BadgeLocked, BadgeRefused, EnrolmentRefused, ProofRefused
from accounts.throttles import PasswordByAddress, TicketByAddress, refuse_flood
from common.clock import local
from common.errors import TooMany
from common.pages import anyone, page

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOO_OFTEN = "尝试太频繁，请过一分钟再试。"
NO_PROOF = "这台设备没有通过验证：没有登记、已停用，或停留太久。请再试一次，不行请找信息科。"


@page(anyone)
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """A text for the page's script to have signed by the device's key."""
    try:
        refuse_flood(request, TicketByAddress)
    except TooMany:
        return JsonResponse({}, status=429)
    return JsonResponse({"challenge": make_challenge()})


@page(anyone)
def enrol(request: HttpRequest) -> HttpResponse:
    """The code becomes an enrolled device; its key stays in this browser."""
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_flood(request, PasswordByAddress)
            device = enrol_device(**form.cleaned_data)
        except (EnrolmentRefused, ProofRefused):
            form.add_error("code", "登记码不对或已失效。输错 5 次就要重新生成。")
        except TooMany:
            form.add_error(None, TOO_OFTEN)
        else:
            return render(request, "accounts/enrolled.html", {"device": device})
    status = 422 if form.errors else 200
    return render(request, "accounts/enrol.html", {"form": form}, status=status)


@page(anyone)
def badge(request: HttpRequest) -> HttpResponse:
    """Badge and PIN become a short session of this device; whoever worked here is signed out."""
    if request.method != "POST":
        form = BadgeForm(initial={"next": request.GET.get("next", "")})
        return render(request, "accounts/badge.html", {"form": form})
    form = BadgeForm(request.POST)
    if form.is_valid():
        try:
            refuse_flood(request, TicketByAddress)
            return _signed_in(request, form)
        except BadgeRefused:
            form.add_error(None, "工牌或 PIN 不对。")
        except BadgeLocked as locked:
            form.add_error(None, _words_of(locked))
        except ProofRefused:
            form.add_error(None, NO_PROOF)
        except TooMany:
            form.add_error(None, TOO_OFTEN)
    return render(request, "accounts/badge.html", {"form": form}, status=422)


@page(anyone)
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Whoever works at the device has gone; the next one may show their badge."""
    device = device_of(request)
    if device is not None:
        leave_device(device_id=device.pk)
        request.session.flush()
    return redirect("/staff/badge/")


def _signed_in(request: HttpRequest, form: BadgeForm) -> HttpResponse:
    """Raises ProofRefused, BadgeRefused, BadgeLocked, TooMany."""
    said = form.cleaned_data
    onward = said.pop("next")
    if said["device_id"] is None:
        raise ProofRefused
    opened = sign_in_by_badge(Shown(**said))
    request.session.flush()  # nothing that another sign-in proved counts for this one
    staff = opened.badge.staff
    login(request, staff.account, backend=BACKEND)
    remember(request, opened=opened)
    home = f"/staff/{staff.hospital.code}/"
    return redirect(safe_next(onward, under=STAFF_PAGES, default=home))


def _words_of(locked: BadgeLocked) -> str:
    until = locked.facts.get("until")
    if until is None:
        return "PIN 输错 5 次，工牌已锁。请用账号和密码登录一次，或找管理员解锁。"
    return f"这台设备上错误太多，请在 {local(until):%H:%M} 以后再试。"  # type: ignore[arg-type]  # our own fact
