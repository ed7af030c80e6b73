"""A person finishes a duty."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from notifications.errors import EvidenceMissing, TaskClosed, TaskMissing
from notifications.models import Task


@action
def finish_task(*, task_id: UUID, staff: Staff, evidence: str) -> Task:
    """The task is done by `staff`, with a line saying how.

    Raises TaskMissing for another role's or hospital's, TaskClosed, EvidenceMissing.
    """
    now = clock.now()
    task = Task.objects.of_staff(staff).locked().filter(pk=task_id).first()
    if task is None:
        raise TaskMissing(task_id=task_id)
    if task.status != Task.Status.OPEN:
        raise TaskClosed(task_id=task_id, status=task.status)
    if not evidence.strip():
        raise EvidenceMissing(task_id=task_id)

    return task.move_to(Task.Status.DONE, owner=staff, evidence=evidence.strip(), done_at=now)
