"""The records office decides whether two patients are one person, and takes it back."""

from typing import Any
from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from patients.errors import BecauseMissing, JoinUnverified, LeadingUnknown, ReviewUnknown
from patients.models import MergeReview
from patients.news import after_review_decided
from patients.people import lock_groups_of, regroup, rejoin


@action
def join_patients(*, review_id: UUID, leading_id: UUID, staff: Staff, because: str) -> MergeReview:
    """The two are one person (合并): shown as one under the leading number; nothing is moved.

    Both have a verified document: an invented chart would hand its owner the other's record.
    Raises ReviewUnknown, LeadingUnknown, JoinUnverified, BecauseMissing, MoveRefused, InFlight.
    """
    review = _seen(review_id, staff=staff)
    if leading_id not in {review.first_id, review.second_id}:
        raise LeadingUnknown(review_id=review_id)
    if not (review.first.is_verified and review.second.is_verified):
        raise JoinUnverified(review_id=review_id)
    decided = {**_decision(staff=staff, because=because), "leading_id": leading_id}
    return _decide(review, status=MergeReview.Status.JOINED, changes=decided)


@action
def keep_apart(*, review_id: UUID, staff: Staff, because: str) -> MergeReview:
    """The two are two people (不合并), and count apart again.

    Raises ReviewUnknown, BecauseMissing, MoveRefused, InFlight.
    """
    review = _seen(review_id, staff=staff)
    decided = _decision(staff=staff, because=because)
    return _decide(review, status=MergeReview.Status.APART, changes=decided)


@action
def split_patients(*, review_id: UUID, staff: Staff, because: str) -> MergeReview:
    """A joining is taken back (撤销合并): every read is as it was before.

    Raises ReviewUnknown, BecauseMissing, MoveRefused, InFlight.
    """
    review = _seen(review_id, staff=staff)
    split = {
        "split_at": clock.now(),
        "split_by": staff,
        "split_because": _reason(because),
    }
    return _decide(review, status=MergeReview.Status.SPLIT, changes=split)


def _seen(review_id: UUID, *, staff: Staff) -> MergeReview:
    """The review, of the staff member's own hospital; not locked yet."""
    review = (
        MergeReview.objects.filter(pk=review_id, hospital_id=staff.hospital_id)
        .select_related("first", "second")
        .first()
    )
    if review is None:
        raise ReviewUnknown(review_id=review_id)
    return review


def _decision(*, staff: Staff, because: str) -> dict[str, Any]:
    return {"decided_at": clock.now(), "decided_by": staff, "decided_because": _reason(because)}


def _reason(because: str) -> str:
    if not because.strip():
        raise BecauseMissing
    return because.strip()


def _decide(seen: MergeReview, *, status: str, changes: dict[str, Any]) -> MergeReview:
    """Move the review under the locks of everybody it concerns."""
    people = lock_groups_of(seen.first, seen.second)
    review = MergeReview.objects.locked().get(pk=seen.pk)

    review.move_to(status, **changes)
    regroup(people)
    rejoin(people, hospital_id=review.hospital_id)
    after_review_decided.tell(review)
    return review
