"""What the apps above are asked for when something is told."""

from typing import TYPE_CHECKING
from uuid import UUID

from common.asking import Purpose, Question

if TYPE_CHECKING:
    from notifications.models import Message, Task

# The facts of a message by its template's code, asked when it is sent and never before: a moved
# appointment tells its new time. Values are text as people read it; times are
# "2026-03-02 08:30". It runs outside any command and must not write.
words_for: Purpose[["Message"], dict[str, str]] = Purpose("words_for")

# What a task asks of a person, in a few Chinese words, by the task's kind.
task_title: Purpose[["Task"], str] = Purpose("task_title")

# Whether this patient (by id) may be told anything: one False and nothing is sent (a person
# marked deceased).
may_be_told: Question[[UUID], bool] = Question("may_be_told")


def is_silenced(patient_id: UUID) -> bool:
    """True where somebody knows a reason to tell this patient nothing."""
    return not all(may_be_told.ask(patient_id))
