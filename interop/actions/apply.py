"""What a message asks for is done, or it waits with the reason why not."""

import logging
from uuid import UUID

from django.db.models import F

from common import clock
from common.commands import action
from common.errors import DomainError, Kind
from interop.errors import AlreadyApplied
from interop.kinds import appliers
from interop.models import Received
from interop.unreadable import Unreadable

log = logging.getLogger(__name__)
BATCH = 50
MOST_ATTEMPTS = 5  # a message whose work breaks off this often waits for a person
KIND_UNSUPPORTED = "interop.kind_unsupported"
BROKE_OFF = "interop.broke_off"


def apply_received(*, received_id: UUID) -> Received | None:
    """The message's work is done, or it waits with a code; None where it is not there.

    Two commands: what the work changed before it was refused is rolled back, and the reason is
    kept. May run twice. A refusal that will pass (Kind.BUSY) leaves the message due.
    """
    received = _begin(received_id=received_id)
    if received is None or received.status != Received.Status.STORED:
        return received
    if received.kind not in appliers:
        return let_wait(received_id=received_id, reason=KIND_UNSUPPORTED)
    if received.attempts > MOST_ATTEMPTS:
        return let_wait(received_id=received_id, reason=BROKE_OFF)
    return _do_or_let_wait(received)


def _do_or_let_wait(received: Received) -> Received:
    try:
        return _do(received=received)
    except Unreadable as refusal:
        return let_wait(received_id=received.pk, reason=refusal.code, place=refusal.where)
    except DomainError as refusal:
        if refusal.kind == Kind.BUSY or isinstance(refusal, AlreadyApplied):
            return Received.objects.get(pk=received.pk)
        return let_wait(received_id=received.pk, reason=refusal.code)


@action
def _begin(*, received_id: UUID) -> Received | None:
    """Count the attempt before it is made, so that one that kills its process is counted too."""
    due = Received.objects.filter(pk=received_id, status=Received.Status.STORED)
    due.update(attempts=F("attempts") + 1)
    return Received.objects.select_related("sender", "hospital").filter(pk=received_id).first()


@action
def _do(*, received: Received) -> Received:
    """The kind's applier does the work; the message's own row is locked last (LOCK_ORDER)."""
    subject_id = appliers.ask(received.kind)(received)

    now = clock.now()
    locked = Received.objects.locked().get(pk=received.pk)
    if locked.status != Received.Status.STORED:
        raise AlreadyApplied
    return locked.move_to(
        Received.Status.APPLIED, applied_at=now, subject_id=subject_id, reason="", place=""
    )


@action
def let_wait(*, received_id: UUID, reason: str, place: str = "") -> Received:
    """The message stands in the list that people look at, with its reason."""
    received = Received.objects.locked().get(pk=received_id)
    if received.status == Received.Status.STORED:
        received.move_to(Received.Status.WAITING, reason=reason[:60], place=place[:120])
    return received


def apply_due_messages() -> int:
    """Apply what was stored and, because a process died, not applied. At most one batch.

    Returns how many are no longer due.
    """
    due = list(Received.objects.due().values_list("pk", flat=True)[:BATCH])
    return sum(_is_over(received_id) for received_id in due)


def _is_over(received_id: UUID) -> bool:
    """Apply one; True where it is no longer due. One that breaks off often waits in the end."""
    try:
        one = apply_received(received_id=received_id)
    except Exception:  # one message that breaks off must not keep the others waiting
        log.exception("a message broke off", extra={"received_id": received_id})
        return False
    return one is None or one.status != Received.Status.STORED
