"""The session that a badge opened (工牌会话): it lives as long as somebody works at the device.

Looked at when a request asks who it is; sessions that a password or a ticket opened cost nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from rest_framework.request import Request

from accounts.models import Device, DeviceSession
from accounts.sessions import SessionStore
from common import clock
from hospitals.policy import policy_of

SESSION_KEY = "device_session"  # of DeviceSession, in the browser's session
DEVICE_KEY = "device_id"
FRESH = timedelta(seconds=30)  # `used_at` is written no more often
SEEN_FRESH = timedelta(minutes=1)  # a device's `seen_at` likewise
LONGEST_IDLE = timedelta(hours=1)  # whatever a hospital decides
BY_ITSELF = ("/live/", "/me/socket-tickets")  # what a page asks without anybody touching it
Handler = Callable[[HttpRequest], HttpResponse]


class DeviceSessions:
    """Middleware: a request whose device session is over comes from nobody."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.user
        request.user = SimpleLazyObject(lambda: _who_is_here(request, known))  # type: ignore[assignment]  # as Django's own
        return self.get_response(request)


def _who_is_here(request: HttpRequest, known: Any) -> Any:
    """The signed-in account, unless its device session is over: then the session is emptied."""
    if SESSION_KEY not in request.session:
        return known
    here = alive_session(request.session)
    if here is None:
        request.session.flush()
        return AnonymousUser()
    if not request.path.endswith(BY_ITSELF):
        _note_use(here)
    request.at_device = here.device  # type: ignore[attr-defined]  # device_of reads it
    return known


def alive_session(session: Mapping[str, Any]) -> DeviceSession | None:
    """The device session of a browser's session, if it is not over."""
    now = clock.real_now()
    rows = DeviceSession.objects.alive(used_since=now - LONGEST_IDLE)
    here: DeviceSession | None = (
        rows.filter(pk=UUID(str(session[SESSION_KEY]))).select_related("device").first()
    )
    if here is None or now - here.used_at >= idle_of(here.device):
        return None
    return here


def idle_of(device: Device) -> timedelta:
    """How long nobody may touch the device before they are signed out."""
    policy = policy_of(device.hospital_id, now=clock.now())
    return min(timedelta(minutes=policy.badge_idle_minutes), LONGEST_IDLE)


def _note_use(here: DeviceSession) -> None:
    now = clock.real_now()
    if now - here.used_at >= FRESH:
        DeviceSession.objects.open().filter(pk=here.pk).update(used_at=now)
    _note_seen(here.device, now=clock.now())


def _note_seen(device: Device, *, now: datetime) -> None:
    if device.seen_at is None or now - device.seen_at >= SEEN_FRESH:
        Device.objects.filter(pk=device.pk).update(seen_at=now)


def device_of(request: HttpRequest | Request) -> Device | None:
    """The enrolled device at which somebody signed in by badge; none for any other session."""
    inner = request._request if isinstance(request, Request) else request  # noqa: SLF001 - DRF has no public way
    _ = bool(inner.user.is_authenticated)  # who asks is looked up once
    return getattr(inner, "at_device", None)


def forget_device(request: HttpRequest) -> None:
    """The browser's session stands for a password now, no longer for a badge."""
    for name in (SESSION_KEY, DEVICE_KEY):
        request.session.pop(name, None)


def remember(request: HttpRequest, *, opened: DeviceSession) -> None:
    """The browser's session, just signed in, stands for this one."""
    session = cast("SessionStore", request.session)
    session[SESSION_KEY] = str(opened.pk)
    session[DEVICE_KEY] = str(opened.device_id)
    session.save()
    if session.row is not None:
        DeviceSession.objects.filter(pk=opened.pk).update(login_id=session.row.login_id)
