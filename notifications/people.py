"""What notifications do when patients tell that a person changed."""

from datetime import timedelta
from uuid import UUID

from accounts.models import Role
from notifications.actions.open_task import TELL_IN_PERSON, open_task
from notifications.models import WITHDRAWN, Message, Task
from patients.models import MergeReview

LOOK_AT_REVIEW = "merge_review"
DECIDED_WITHIN = timedelta(days=3)  # ours: two charts of one person are a risk at each visit


def open_review_task(review: MergeReview) -> None:
    """The records office has to look at a merge review."""
    open_task(
        role=Role.RECORDS_OFFICE,
        kind=LOOK_AT_REVIEW,
        about=review,
        patient=review.first,
        due_at=review.opened_at + DECIDED_WITHIN,
    )


def close_review_task(review: MergeReview) -> None:
    """Its duty is done: the review says what was decided."""
    task = Task.objects.about(review).open().locked().first()
    if task is not None and review.decided_by is not None:
        task.move_to(
            Task.Status.DONE,
            owner=review.decided_by,
            evidence=review.decided_because,
            done_at=review.decided_at,
        )


def review_title(_task: Task) -> str:
    """The title of its task."""
    return "核对两份档案是否同一人"


def silence_deceased(people: frozenset[UUID]) -> None:
    """Nothing that waits to be told about these persons is told, by anybody."""
    theirs = Message.objects.filter(patient__person__in=people)
    Task.objects.open().filter(patient__person__in=people, kind=TELL_IN_PERSON).move_to(
        Task.Status.WITHDRAWN
    )
    theirs.waiting().move_to(Message.Status.WITHDRAWN, reason=WITHDRAWN)
    theirs.filter(status=Message.Status.SENDING).update(reason=WITHDRAWN)
