"""A world that a stateful example builds and that is forgotten afterwards."""

from contextlib import AbstractContextManager, ExitStack
from types import TracebackType

from django.db import transaction

from common import clock


class RolledBackWorld(AbstractContextManager["RolledBackWorld"]):
    """A transaction that is rolled back, and a frozen clock of its own."""

    def __enter__(self) -> "RolledBackWorld":
        self._stack = ExitStack()
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # commands may open inside it
        self._stack.enter_context(outer)
        self._stack.callback(transaction.set_rollback, True)  # noqa: FBT003 - Django's signature
        self._stack.enter_context(clock.freeze(clock.now()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
