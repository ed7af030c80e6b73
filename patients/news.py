"""What patients tells the apps above, and asks them: typed, inside the transaction."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from common.asking import Announcement, Question

if TYPE_CHECKING:
    from accounts.models import Account
    from patients.models import MergeReview, Patient


@dataclass(frozen=True)
class Kept:
    """What the hospital must keep about a patient (依法保存), by which rule, and until when."""

    title: str
    rule: str
    until: date


# Somebody has to look whether two patients are one person.
after_review_opened: Announcement[["MergeReview"]] = Announcement("patients.after_review_opened")

# They looked, or took back what they had said; the review's status says what.
after_review_decided: Announcement[["MergeReview"]] = Announcement("patients.after_review_decided")

# Persons (by key, locked) are marked deceased, in every hospital: nothing is to be done for them
# any more, and nothing sent.
after_death: Announcement[[frozenset[UUID]]] = Announcement("patients.after_death")

# Why an account cannot be closed yet: stable codes, for which the page has words.
reasons_to_stay: Question[["Account"], list[str]] = Question("patients.reasons_to_stay")

# What stays although the patient leaves. Nothing: what was told them becomes unreadable.
kept_records: Question[["Patient"], list[Kept]] = Question("patients.kept_records")

# The account opens nothing more; its grants, consents and logins have ended.
after_account_closed: Announcement[["Account"]] = Announcement("patients.after_account_closed")
