"""The badge and its PIN: given, chosen, opened again, taken back."""

from django.contrib.auth.hashers import make_password

from accounts.errors import (
    BadgeNotForRole,
    BadgeTaken,
    BadgeUnknown,
    PinTooEasy,
    StaffUnknown,
)
from accounts.models import BADGE_ROLES, Badge, DeviceEvent, DeviceSession, Staff
from accounts.models.device import MOST_TRIES
from accounts.pin import is_too_easy
from common import clock
from common.commands import action, write, write_unless_there
from common.crypto import blind_index


def index_of_badge(number: str) -> str:
    """What a badge's number is found by, however the scanner writes it."""
    return blind_index("accounts.badge", number.strip().upper())


@action
def give_badge(*, by: Staff, staff_number: str, badge_number: str) -> Badge:
    """The staff member carries this badge, an earlier one is dead, and the PIN is to be chosen.

    Giving the same badge again changes nothing. Raises StaffUnknown, BadgeNotForRole, BadgeTaken.
    """
    staff = _staff_of(by, staff_number)
    if staff.role not in BADGE_ROLES:
        raise BadgeNotForRole
    index = index_of_badge(badge_number)
    same = Badge.objects.filter(hospital_id=by.hospital_id, number_index=index)
    if same.exclude(staff=staff).exists():
        raise BadgeTaken

    write_unless_there(Badge(hospital_id=by.hospital_id, staff=staff), columns=("staff_id",))
    badge = Badge.objects.locked().get(staff=staff)
    if badge.number_index == index:
        return badge
    _renew(badge, number=badge_number.strip().upper(), index=index)
    _note(DeviceEvent.Kind.BADGE_GIVEN, badge=badge, by=by)
    return badge


@action
def take_badge_back(*, by: Staff, staff_number: str) -> Badge:
    """The badge opens nothing any more, and whoever works with it is signed out.

    Raises StaffUnknown, BadgeUnknown.
    """
    badge = _badge_of(_staff_of(by, staff_number))

    _renew(badge, number=None, index=None)
    _note(DeviceEvent.Kind.BADGE_TAKEN_BACK, badge=badge, by=by)
    return badge


@action
def open_badge(*, by: Staff, staff_number: str) -> Badge:
    """An administrator has seen the owner: wrong PINs are forgotten.

    Raises StaffUnknown, BadgeUnknown.
    """
    badge = _badge_of(_staff_of(by, staff_number))

    _give_tries_back(badge)
    _note(DeviceEvent.Kind.BADGE_OPENED, badge=badge, by=by)
    return badge


@action
def forget_wrong_pins(*, staff: Staff) -> None:
    """The owner has proved themselves by password: their badge opens again."""
    Badge.objects.filter(staff=staff, tries_left__lt=MOST_TRIES).update(tries_left=MOST_TRIES)


@action
def set_pin(*, staff: Staff, pin: str) -> Badge:
    """The badge opens with this PIN. Raises BadgeUnknown, PinTooEasy."""
    badge = _badge_of(staff)
    if is_too_easy(pin, known=(badge.number or "", staff.number)):
        raise PinTooEasy

    badge.pin = make_password(pin)
    badge.tries_left = MOST_TRIES
    badge.save(update_fields=["pin", "tries_left"])
    _note(DeviceEvent.Kind.PIN_SET, badge=badge, by=staff)
    return badge


def let_badge_die(staff: Staff) -> None:
    """Who leaves the hospital leaves the badge: it opens nothing, also should they come back."""
    badge: Badge | None = Badge.objects.locked().filter(staff=staff).first()
    if badge is not None and badge.is_given:
        _renew(badge, number=None, index=None)
        _note(DeviceEvent.Kind.BADGE_TAKEN_BACK, badge=badge, by=None)


def _renew(badge: Badge, *, number: str | None, index: str | None) -> None:
    """Another number or none; the PIN and who works with the old one end."""
    badge.number, badge.number_index = number, index
    badge.pin, badge.tries_left = "", MOST_TRIES
    badge.save(update_fields=["number", "number_index", "pin", "tries_left"])
    DeviceSession.objects.filter(badge=badge).end(at=clock.real_now())


def _give_tries_back(badge: Badge) -> None:
    badge.tries_left = MOST_TRIES
    badge.save(update_fields=["tries_left"])


def _staff_of(by: Staff, number: str) -> Staff:
    rows = Staff.objects.filter(hospital_id=by.hospital_id, number=number.strip())
    staff: Staff | None = rows.first()
    if staff is None:
        raise StaffUnknown
    return staff


def _badge_of(staff: Staff) -> Badge:
    """The badge that the staff member carries, locked. Raises BadgeUnknown."""
    badge: Badge | None = Badge.objects.locked().filter(staff=staff).first()
    if badge is None or not badge.is_given:
        raise BadgeUnknown
    return badge


def _note(kind: DeviceEvent.Kind, *, badge: Badge, by: Staff | None) -> None:
    write(DeviceEvent(hospital_id=badge.hospital_id, kind=kind, badge=badge, by=by, at=clock.now()))
