"""Who applies which kind of message: one answerer each, registered at start-up."""

from collections.abc import Callable
from uuid import UUID

from common.asking import Purpose
from interop.models import Received

Applier = Callable[[Received], UUID | None]
"""Does what the message asks and returns the id of what it made or changed.

Runs inside a command. Raises Unreadable or a DomainError where it cannot: nothing is changed then,
and the message waits with that code.
"""

appliers: Purpose[[Received], UUID | None] = Purpose("interop.when_received")


def when_received(kind: str, apply: Applier) -> None:
    """Let `apply` do the work of messages of this kind, such as "ORM^O01"."""
    appliers.answered_by(kind, apply)
