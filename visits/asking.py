"""What visits ask the apps above them."""

from dataclasses import dataclass
from datetime import date, datetime

from common.asking import Question
from patients.models import Patient, Scope


@dataclass(frozen=True)
class DayStep:
    """One step of a patient's day. `state` is done, now, next or missed; `href` may be empty.

    Only who was granted `scope` is shown the step.
    """

    at: datetime
    title: str
    place: str
    state: str
    href: str
    scope: Scope = Scope.QUEUE


# The steps of a patient's day, in any order; the journey sorts and shows them.
day_steps_from: Question[[Patient, date], list[DayStep]] = Question("day_steps_from")
