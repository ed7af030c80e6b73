"""What an administrator does with devices and badges, and where one chooses one's own PIN."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions.badge import give_badge, open_badge, set_pin, take_badge_back
from accounts.actions.enrol import add_device, block_device, make_enrolment_code
from accounts.device_forms import DeviceForm, GiveBadgeForm, PinForm
from accounts.errors import BadgeUnknown, PinTooEasy
from accounts.frames import StaffLink, staff_frame
from accounts.models import BADGE_ROLES, Badge, Device, DeviceEvent, Role, Staff
from accounts.rules import by_staff, not_by_badge, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal

DESK_ROLES = (Role.ADMINISTRATOR, Role.MANAGER)
ON_A_PAGE = 50
EVENTS_SHOWN = 20
LOCKED_FIRST = Case(When(tries_left__lte=0, then=Value(0)), default=Value(1))
REFUSALS = {
    "common.move_refused": "设备的状态刚有变化，请看现在的状态。",
    "accounts.device_name_taken": "本院已有同名的设备，请换一个名称。",
    "accounts.staff_unknown": "没有这个工号。",
    "accounts.badge_unknown": "这位职工现在没有工牌。",
    "accounts.badge_taken": "这张工牌正由别人使用，请先收回。",
    "accounts.badge_not_for_role": "这个岗位不用工牌登录，请用账号和密码。",
}


def links_of(staff: Staff) -> list[StaffLink]:
    """Devices and badges, for whoever looks after them."""
    if staff.role not in DESK_ROLES:
        return []
    here = f"/staff/{staff.hospital.code}"
    return [
        StaffLink("设备", f"{here}/devices/", order=82, icon="place", detail="平板和工作站"),
        StaffLink("工牌", f"{here}/badges/", order=83, icon="person", detail="发放、收回、解锁"),
    ]


@page(not_by_badge(by_staff(*DESK_ROLES)))
def devices(request: HttpRequest, code: str) -> HttpResponse:
    """The hospital's devices, and a form for another."""
    staff = staff_of(request)
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = form_command(request, lambda: add_device(by=staff, **said).pk)
        except DomainError as refusal:
            say_refusal(request, refusal, words=REFUSALS)
        else:
            return redirect("accounts_device", code=code, device_id=made.object_id)
    rows = _shown_page(request, Device.objects.filter(hospital=staff.hospital).order_by("name"))
    context = {"form": form, "rows": rows, "key": uuid4()}
    frame = staff_frame(request, heading="设备", code=code, **context)
    return render(request, "accounts/devices.html", frame, status=422 if form.errors else 200)


def _shown_page(request: HttpRequest, rows: "QuerySet[Any]") -> "Page[Any]":
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


@page(not_by_badge(by_staff(*DESK_ROLES)))
def device(request: HttpRequest, *, code: str, device_id: UUID) -> HttpResponse:
    """One device: its state, what was done to it, a new code, blocking it."""
    staff = staff_of(request)
    shown: dict[str, Any] = {}
    asked = request.POST.get("act", "")
    if request.method == "POST" and asked == "block":
        _say(request, lambda: block_device(by=staff, device_id=device_id), done="设备已停用。")
        return redirect("accounts_device", code=code, device_id=device_id)
    if request.method == "POST" and asked == "code":
        shown["made"] = _code_for(request, by=staff, device_id=device_id)
    found = Device.objects.filter(hospital=staff.hospital, pk=device_id).first()
    if found is None:
        raise Http404
    events = DeviceEvent.objects.filter(device=found).select_related("by").order_by("-at", "-pk")
    shown |= {"device": found, "events": events[:EVENTS_SHOWN], "key": uuid4()}
    frame = staff_frame(request, heading=found.name, code=code, **shown)
    return render(request, "accounts/device.html", frame)


def _code_for(request: HttpRequest, *, by: Staff, device_id: UUID) -> dict[str, Any] | None:
    """A code in groups that can be read out, shown this once."""
    try:
        made = make_enrolment_code(by=by, device_id=device_id)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
        return None
    groups = (made.code[:3], made.code[3:6], made.code[6:10], made.code[10:])
    return {"code": " ".join(groups), "until": made.expires_at}


@page(not_by_badge(by_staff(*DESK_ROLES)))
def badges(request: HttpRequest, code: str) -> HttpResponse:
    """Who carries a badge; giving one, opening a locked one, taking one back."""
    staff = staff_of(request)
    act = request.POST.get("act", "")
    form = GiveBadgeForm(request.POST if act == "give" else None)
    if act == "give" and form.is_valid():
        said = form.cleaned_data
        if _say(
            request, lambda: give_badge(by=staff, **said), done="工牌已发放，请本人登录后设置 PIN。"
        ):
            return redirect("accounts_badges", code=code)
    if act in {"open", "take_back"}:
        number = request.POST.get("staff_number", "")[:20]
        does, done = (
            (open_badge, "工牌已解锁。") if act == "open" else (take_badge_back, "工牌已收回。")
        )
        _say(request, lambda: does(by=staff, staff_number=number), done=done)
        return redirect("accounts_badges", code=code)
    given = Badge.objects.filter(hospital=staff.hospital, number_index__isnull=False)
    rows = _shown_page(
        request, given.select_related("staff").order_by(LOCKED_FIRST, "staff__number")
    )
    events = DeviceEvent.objects.filter(hospital=staff.hospital, badge__isnull=False)
    shown = {
        "form": form,
        "rows": rows,
        "key": uuid4(),
        "events": events.select_related("by", "badge__staff").order_by("-at", "-pk")[:EVENTS_SHOWN],
    }
    frame = staff_frame(request, heading="工牌", code=code, **shown)
    return render(request, "accounts/badges.html", frame, status=422 if form.errors else 200)


@page(not_by_badge(by_staff(*BADGE_ROLES)))
def pin(request: HttpRequest, code: str) -> HttpResponse:
    """One's own PIN, chosen after signing in by password."""
    staff = staff_of(request)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(staff=staff, pin=form.cleaned_data["pin"])
        except PinTooEasy:
            form.add_error("pin", "这个 PIN 太容易被猜到，请换一个。")
        except BadgeUnknown:
            form.add_error(None, "您还没有工牌，请找管理员发放。")
        else:
            messages.success(request, "PIN 已设置，可以在登记过的设备上刷工牌登录。")
            return redirect(f"/staff/{code}/")
    frame = staff_frame(request, heading="工牌 PIN", code=code, form=form)
    return render(request, "accounts/pin.html", frame, status=422 if form.errors else 200)


def _say(request: HttpRequest, act: Callable[[], Badge | Device], *, done: str) -> bool:
    """Do it once a form, and say what became of it; whether it was done."""
    try:
        form_command(request, lambda: act().pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
        return False
    messages.success(request, done)
    return True
