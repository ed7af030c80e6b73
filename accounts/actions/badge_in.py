"""Signing in by badge and PIN (刷工牌), at an enrolled device and nowhere else."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from accounts.actions.badge import index_of_badge
from accounts.actions.enrol import end_sessions_at
from accounts.actions.prove import spend_challenge
from accounts.errors import BadgeLocked, BadgeRefused, ProofRefused
from accounts.models import BADGE_ROLES, Badge, Device, DeviceSession, SignInTry
from accounts.models.device import MOST_TRIES
from accounts.proof import check_proof, sign_in_text
from common import clock
from common.commands import action, write
from common.crypto import blind_index
from common.logs import refusal_noted

log = logging.getLogger(__name__)
MOST_AT_A_DEVICE = 20  # wrong badges and PINs of all who try there …
DEVICE_WINDOW = timedelta(minutes=15)  # … within this time


@dataclass(frozen=True)
class Shown:
    """What somebody shows at a device: the badge, the PIN, and the device's own proof."""

    device_id: UUID
    challenge: str
    signature: str
    badge_number: str
    pin: str


def sign_in_by_badge(shown: Shown) -> DeviceSession:
    """Whoever carries the badge works at the device; who worked there before is signed out.

    Each step is a command of its own: a spent challenge and a wrong PIN stay written. Raises
    ProofRefused, BadgeLocked, BadgeRefused; the last does not say whether the badge exists.
    """
    with refusal_noted(log, "a badge is refused", device_id=shown.device_id):
        return _signed_in(shown)


def _signed_in(shown: Shown) -> DeviceSession:
    device = prove_device(shown)
    try_id = note_try_at(device_id=device.pk)
    refuse_surplus_at(device_id=device.pk)
    index = index_of_badge(shown.badge_number)
    badge = Badge.objects.filter(hospital_id=device.hospital_id, number_index=index).first()
    if badge is None:
        make_password(shown.pin)  # as long as looking at a PIN takes
        raise BadgeRefused
    take_pin_try(badge_id=badge.pk)
    if not check_password(shown.pin, badge.pin):
        raise BadgeRefused
    return begin_session(device_id=device.pk, badge=badge, try_id=try_id)


def prove_device(shown: Shown) -> Device:
    """The device that signed the challenge, which is spent. Raises ProofRefused."""
    spend_challenge(challenge=shown.challenge)
    device: Device | None = Device.objects.filter(
        pk=shown.device_id, status=Device.Status.ENROLLED
    ).first()
    if device is None:
        raise ProofRefused
    text = sign_in_text(challenge=shown.challenge, device_id=device.pk)
    check_proof(text, public_key=device.public_key, signature=shown.signature)
    return device


@action
def note_try_at(*, device_id: UUID) -> UUID:
    """Write down that somebody tries at this device; only a right PIN takes it away."""
    row = SignInTry(username_index=_index_of(device_id), at=clock.now())
    write(row)
    return row.pk


def refuse_surplus_at(*, device_id: UUID) -> None:
    """Close the device for guesses over all badges. Raises BadgeLocked until when.

    Each counts the tries committed so far, its own among them.
    """
    since = clock.now() - DEVICE_WINDOW
    tries = SignInTry.objects.filter(username_index=_index_of(device_id), at__gt=since)
    times = list(tries.order_by("-at").values_list("at", flat=True)[: MOST_AT_A_DEVICE + 1])
    if len(times) > MOST_AT_A_DEVICE:
        raise BadgeLocked(until=times[-1] + DEVICE_WINDOW)


@action
def take_pin_try(*, badge_id: UUID) -> None:
    """One of five tries is gone before the PIN is looked at. Raises BadgeLocked."""
    open_still = Badge.objects.filter(pk=badge_id, tries_left__gt=0)
    if not open_still.take(tries_left=F("tries_left") - 1):
        raise BadgeLocked


@action
def begin_session(*, device_id: UUID, badge: Badge, try_id: UUID) -> DeviceSession:
    """The PIN was right: its tries come back, and the session takes the earlier one's place.

    Looks again under the locks. Raises BadgeRefused, ProofRefused.
    """
    now = clock.real_now()
    owned = Badge.objects.locked().filter(pk=badge.pk).select_related("staff__account").get()
    device = Device.objects.locked().get(pk=device_id)
    if (owned.number_index, owned.pin) != (badge.number_index, badge.pin):
        raise BadgeRefused
    if not owned.staff.account.is_active or owned.staff.role not in BADGE_ROLES:
        raise BadgeRefused
    if device.status != Device.Status.ENROLLED:
        raise ProofRefused

    Badge.objects.filter(pk=owned.pk).update(tries_left=MOST_TRIES)
    SignInTry.objects.filter(pk=try_id).delete()
    Device.objects.filter(pk=device.pk).update(seen_at=clock.now())
    end_sessions_at(device)
    session = DeviceSession(device=device, badge=owned, started_at=now, used_at=now)
    write(session)
    return session


@action
def leave_device(*, device_id: UUID) -> None:
    """Nobody works at the device any more."""
    end_sessions_at(Device.objects.locked().get(pk=device_id))


def _index_of(device_id: UUID) -> str:
    return blind_index("accounts.device", str(device_id))
