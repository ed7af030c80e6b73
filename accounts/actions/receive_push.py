"""What WeChat pushes is proved, stored as received, and then handed up (消息推送)."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from accounts.models import Push
from accounts.pushes import open_push, read_push, when_pushed
from common import clock
from common.commands import action, write_unless_there
from common.ids import new_id
from common.jobs import FIRST_TRY_AGAIN, take_due
from hospitals.models import MiniProgram

log = logging.getLogger(__name__)
APPLY_PUSHES = "apply_pushes"
PUSHES_KEPT = timedelta(days=30)


def receive_push(*, mini_program: MiniProgram, query: Mapping[str, str], body: bytes) -> UUID:
    """The push is stored, in a command of its own; told again it is the same row.

    Stores nothing of a forgery. Raises PushForged, PushUnreadable.
    """
    opened = open_push(mini_program, query=query, body=body, now=clock.real_now())
    event = read_push(mini_program, opened).event
    digest = hashlib.sha256(opened).hexdigest()

    _store_push(mini_program=mini_program, digest=digest, event=event, body=opened)
    return Push.objects.get(mini_program=mini_program, digest=digest).pk


@action
def _store_push(*, mini_program: MiniProgram, digest: str, event: str, body: bytes) -> None:
    now = clock.now()
    write_unless_there(
        Push(
            id=new_id(),
            hospital_id=mini_program.hospital_id,
            mini_program=mini_program,
            digest=digest,
            event=event,
            body=body,
            received_at=now,
            apply_at=now + FIRST_TRY_AGAIN,
        ),
        columns=("mini_program_id", "digest"),
    )


@action
def apply_push(*, push_id: UUID) -> None:
    """What follows from a stored push is done, once; of a kind nobody asked for, nothing."""
    push = Push.objects.locked().select_related("mini_program").get(pk=push_id)
    if push.status != Push.Status.RECEIVED:
        return
    told = read_push(push.mini_program, bytes(push.body))
    if told.event in when_pushed:
        when_pushed.ask(told.event)(told)
        push.move_to(Push.Status.APPLIED)
    else:
        push.move_to(Push.Status.IGNORED)


def try_to_apply_push(push_id: UUID) -> None:
    """Apply the push; trouble is logged, and the sweep tries again."""
    try:
        apply_push(push_id=push_id)
    except Exception:  # a bug in one answerer must not make WeChat repeat it
        log.exception("a push waits", extra={"push_id": push_id})


def apply_pushes() -> int:
    """One batch of what was stored and not applied; each failure waits longer for its next try."""
    due = take_due(Push.objects.to_apply(clock.now()))
    for push_id in due:
        try_to_apply_push(push_id)
    return len(due)
