"""Jobs lie in the database as JSON, signed with a secret of their own; nothing else is run.

django-q2 signs pickles with SECRET_KEY, so whoever had that secret and one row could run any
code. Here a row is JSON, its function is on a list, its arguments are names and ids, and the
secret is `JOBS_SECRET`. What does not fit is dropped with a line in the log. Results stay in the
cache for a minute (`cached` in Q_CLUSTER): no pickle is ever read from a table.
"""

import logging
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django_q.brokers.orm import ORM
from django_q.signing import SignedPackage

log = logging.getLogger(__name__)
SALT = "zhencheng.jobs"
ALLOWED = frozenset({"common.jobs.run_sweep"})
ARGUMENT = re.compile(r"[a-z][a-z_]{0,59}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT = ("id", "name", "func", "args", "kwargs", "started", "cached", "ack_failure")


class JobRefused(ValueError):
    """Not one of our jobs: its function, its arguments or its signature are not."""


def written(task: dict[str, Any]) -> str:
    """The row of a job. Raises JobRefused."""
    kept = {name: task[name] for name in KEPT if name in task}
    kept["args"] = list(task["args"])
    kept["started"] = task["started"].isoformat()
    _refuse_strange(kept)
    return signing.dumps(kept, key=settings.JOBS_SECRET, salt=SALT)


def read(row: str) -> dict[str, Any]:
    """The job of a row. Raises JobRefused where it was not written here."""
    try:
        task: dict[str, Any] = signing.loads(row, key=settings.JOBS_SECRET, salt=SALT)
    except (signing.BadSignature, ValueError) as trouble:
        raise JobRefused("signature") from trouble
    _refuse_strange(task)
    return {**task, "started": datetime.fromisoformat(task["started"])}


def _refuse_strange(task: dict[str, Any]) -> None:
    if task["func"] not in ALLOWED:
        raise JobRefused("function")
    values = [*task["args"], *task["kwargs"].values()]
    if not all(isinstance(one, str) and ARGUMENT.fullmatch(one) for one in values):
        raise JobRefused("arguments")


class SignedJobs(ORM):  # type: ignore[misc] # django-q2 has no types
    """The table of django-q2 with rows of ours in it."""

    def enqueue(self, task: str) -> int:
        """Store what was packed in this process a moment ago; 0 where it is not a job of ours."""
        try:
            row = written(SignedPackage.loads(task))
        except JobRefused as reason:
            log.error("a job was refused", extra={"reason": str(reason)})  # noqa: TRY400 - no trace
            return 0
        stored: int = super().enqueue(row)
        return stored

    def dequeue(self) -> list[tuple[int, str]] | None:
        """Rows to run, packed again for this process alone; strange ones are deleted."""
        found: list[tuple[int, str]] = []
        for key, row in super().dequeue() or ():
            try:
                found.append((key, SignedPackage.dumps(read(row))))
            except JobRefused as reason:
                log.error("a job was refused", extra={"job": key, "reason": str(reason)})  # noqa: TRY400 - no trace
                self.fail(key)
        return found or None
