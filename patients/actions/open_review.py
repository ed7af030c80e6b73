"""Two patients may be one person: somebody has to look."""

from accounts.models import Staff
from common import clock
from common.commands import action, write
from common.ids import new_id
from patients.errors import PatientUnknown, SamePatient
from patients.models import MergeReason, MergeReview, Patient
from patients.news import after_review_opened
from patients.people import lock_groups_of, regroup


@action
def open_merge_review(
    *,
    first: Patient,
    second: Patient,
    reason: MergeReason,
    evidence: str = "",
    staff: Staff | None = None,
) -> MergeReview:
    """The records office is asked whether the two are one; until it decides, they count together.

    Asked again, it stays one question. What somebody decided is asked again by people (`staff`),
    and by a machine only for another reason. Locks both groups of persons, so it comes before
    any other lock on a person; who must lock earlier calls `lock_groups_of(first, second)` first.
    Raises SamePatient, PatientUnknown (of another hospital), InFlight.
    """
    if first.pk == second.pk:
        raise SamePatient(patient_id=first.pk)
    if first.hospital_id != second.hospital_id:
        raise PatientUnknown(patient_id=second.pk)
    people = lock_groups_of(first, second)
    one, other = sorted((first, second), key=lambda patient: patient.pk)
    known = _known(one, other, reason=reason, staff=staff)
    if known is not None:
        return known

    review = MergeReview(
        id=new_id(),
        hospital_id=one.hospital_id,
        first=one,
        second=other,
        reason=reason,
        evidence=evidence or None,
        opened_at=clock.now(),
        opened_by=staff,
    )
    write(review)
    regroup(people)
    after_review_opened.tell(review)
    return review


def _known(
    one: Patient, other: Patient, *, reason: MergeReason, staff: Staff | None
) -> MergeReview | None:
    """The review that answers the question already."""
    of_pair = MergeReview.objects.of_pair(one, other)
    undecided = of_pair.counting().first()
    if undecided is not None or staff is not None:
        return undecided
    return of_pair.filter(reason=reason).order_by("-pk").first()
