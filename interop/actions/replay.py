"""A person looks at a message that waits: it is tried again, or set aside."""

from uuid import UUID

from common.commands import action
from hospitals.models import Hospital
from interop.actions.apply import apply_received
from interop.errors import ReceivedUnknown, StillUnreadable
from interop.models import Received
from interop.unreadable import Unreadable


def replay(*, hospital: Hospital, received_id: UUID) -> Received:
    """The message is tried again as it came: applied, or waiting with today's reason.

    Two commands, as in `apply_received`. Raises ReceivedUnknown, StillUnreadable, MoveRefused.
    """
    make_due(hospital=hospital, received_id=received_id)
    applied = apply_received(received_id=received_id)
    if applied is None:
        raise ReceivedUnknown(received_id=received_id)
    return applied


@action
def make_due(*, hospital: Hospital, received_id: UUID) -> Received:
    """The message waits for nobody any more: who calls applies it now, else the sweep does.

    Raises ReceivedUnknown, StillUnreadable, MoveRefused.
    """
    received = _of(hospital, received_id)

    kind = received.kind or _kind_today(received)
    return received.move_to(Received.Status.STORED, reason="", place="", attempts=0, kind=kind)


@action
def dismiss(*, hospital: Hospital, received_id: UUID) -> Received:
    """The message is set aside for good; it stays as evidence.

    Raises ReceivedUnknown, MoveRefused.
    """
    received = _of(hospital, received_id)

    return received.move_to(Received.Status.DISMISSED)


def _of(hospital: Hospital, received_id: UUID) -> Received:
    received = Received.objects.locked().of_hospital(hospital.pk).filter(pk=received_id).first()
    if received is None:
        raise ReceivedUnknown(received_id=received_id)
    return received


def _kind_today(received: Received) -> str:
    """What could not be read on arrival may be readable by its sender's profile of today.

    Raises StillUnreadable.
    """
    try:
        return received.message().kind
    except Unreadable as refusal:
        raise StillUnreadable(reason=refusal.code, place=refusal.where) from refusal
