"""What patients tells the apps above: typed announcements, inside the transaction."""

from typing import TYPE_CHECKING
from uuid import UUID

from common.asking import Announcement

if TYPE_CHECKING:
    from patients.models import MergeReview

# Somebody has to look whether two patients are one person.
after_review_opened: Announcement[["MergeReview"]] = Announcement("patients.after_review_opened")

# They looked, or took back what they had said; the review's status says what.
after_review_decided: Announcement[["MergeReview"]] = Announcement("patients.after_review_decided")

# Persons (by key, locked) are marked deceased, in every hospital: nothing is to be done for them
# any more, and nothing sent.
after_death: Announcement[[frozenset[UUID]]] = Announcement("patients.after_death")
