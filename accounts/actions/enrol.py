"""A device comes into use: added, given a one-time code, enrolled with its key, blocked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from accounts.actions.prove import spend_challenge
from accounts.errors import DeviceNameTaken, DeviceUnknown, EnrolmentRefused
from accounts.models import Device, DeviceEvent, DeviceSession, Enrolment, Staff
from accounts.proof import check_proof, enrolment_text
from common import clock
from common.commands import action, write
from common.crypto import blind_index

CODE_LIFE = timedelta(minutes=10)
HANDLE_DIGITS = 6
SECRET_DIGITS = 8


@dataclass(frozen=True)
class MadeCode:
    """The code, whose secret half is nowhere else, and until when it opens anything."""

    code: str
    expires_at: datetime


@action
def add_device(*, by: Staff, name: str, place: str, kind: str) -> Device:
    """The hospital has the device, which waits for its code. Raises DeviceNameTaken."""
    if Device.objects.filter(hospital_id=by.hospital_id, name=name).exists():
        raise DeviceNameTaken

    device = Device(hospital_id=by.hospital_id, name=name, place=place, kind=kind)
    write(device)
    note_event(DeviceEvent.Kind.ADDED, by=by, device=device)
    return device


@action
def make_enrolment_code(*, by: Staff, device_id: UUID) -> MadeCode:
    """A code for ten minutes; earlier ones, the old key and who works there end with it.

    Raises DeviceUnknown.
    """
    device = device_for(by, device_id)
    secret = _digits(SECRET_DIGITS)
    code = Enrolment(
        device=device,
        handle=_digits(HANDLE_DIGITS),
        expires_at=clock.real_now() + CODE_LIFE,
    )
    code.secret_index = _index_of(code.handle, secret)

    Enrolment.objects.filter(device=device).delete()
    if device.status != Device.Status.PENDING:
        device.move_to(Device.Status.PENDING, public_key="")
    end_sessions_at(device)
    write(code)
    note_event(DeviceEvent.Kind.CODE_MADE, by=by, device=device)
    return MadeCode(code=code.handle + secret, expires_at=code.expires_at)


def enrol_device(*, code: str, public_key: str, challenge: str, signature: str) -> Device:
    """The device is in use, known by its key from now on.

    Each step is a command of its own: a try and a spent challenge stay written. Raises
    EnrolmentRefused, ProofRefused.
    """
    spend_challenge(challenge=challenge)
    text = enrolment_text(challenge=challenge, public_key=public_key)
    check_proof(text, public_key=public_key, signature=signature)
    enrolment_id = take_enrolment_try(handle=code[:HANDLE_DIGITS])
    return accept_key(enrolment_id=enrolment_id, secret=code[HANDLE_DIGITS:], public_key=public_key)


@action
def take_enrolment_try(*, handle: str) -> UUID:
    """One of five tries is gone before the secret is looked at. Raises EnrolmentRefused."""
    alive = Enrolment.objects.filter(
        handle=handle, used_at=None, expires_at__gt=clock.real_now(), tries_left__gt=0
    )
    if not alive.take(tries_left=F("tries_left") - 1):
        raise EnrolmentRefused
    return Enrolment.objects.values_list("pk", flat=True).get(handle=handle)


@action
def accept_key(*, enrolment_id: UUID, secret: str, public_key: str) -> Device:
    """Where the secret is right, spend the code and keep the key. Raises EnrolmentRefused."""
    now = clock.real_now()
    found = Enrolment.objects.filter(pk=enrolment_id).first()
    if found is None or not secrets.compare_digest(
        found.secret_index, _index_of(found.handle, secret)
    ):
        raise EnrolmentRefused
    device = Device.objects.locked().get(pk=found.device_id)
    unused = Enrolment.objects.filter(pk=enrolment_id, used_at=None, expires_at__gt=now)
    if device.status != Device.Status.PENDING or not unused.take(used_at=now):
        raise EnrolmentRefused

    device.move_to(Device.Status.ENROLLED, public_key=public_key, seen_at=clock.now())
    note_event(DeviceEvent.Kind.ENROLLED, device=device)
    return device


@action
def block_device(*, by: Staff, device_id: UUID) -> Device:
    """The device opens nothing any more, and who works there is signed out at once.

    Blocking it again changes nothing. Raises DeviceUnknown.
    """
    device = device_for(by, device_id)
    if device.status == Device.Status.BLOCKED:
        return device

    device.move_to(Device.Status.BLOCKED, public_key="")
    Enrolment.objects.filter(device=device).delete()
    end_sessions_at(device)
    note_event(DeviceEvent.Kind.BLOCKED, by=by, device=device)
    return device


def device_for(by: Staff, device_id: UUID) -> Device:
    """The hospital's device, locked. Raises DeviceUnknown."""
    rows = Device.objects.locked().filter(hospital_id=by.hospital_id, pk=device_id)
    device: Device | None = rows.first()
    if device is None:
        raise DeviceUnknown
    return device


def end_sessions_at(device: Device) -> None:
    """Who works at the device, which is locked, is signed out."""
    DeviceSession.objects.filter(device=device).end(at=clock.real_now())


def note_event(kind: DeviceEvent.Kind, *, device: Device, by: Staff | None = None) -> None:
    """Who did what to the device stays written."""
    write(
        DeviceEvent(hospital_id=device.hospital_id, kind=kind, device=device, by=by, at=clock.now())
    )


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def _index_of(handle: str, secret: str) -> str:
    return blind_index("accounts.enrolment", f"{handle}{secret}")
