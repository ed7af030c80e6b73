"""About whom a reason is always asked first, and who has given one that still holds.

Colleagues and marked persons (特殊标记) are read by nobody, not even by who treats them, before
they have said why: once a day for who has a care relation, every 30 minutes for anybody else.
"""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from django.db.models import Q

from accounts.models import Staff
from common import clock
from patients.errors import ReasonNeeded
from patients.models import BreakGlass, Patient, PatientMark

# Reasons of an access line that were given already: a form with a purpose of its own asked for
# them, or the person stands at the desk with a document that was read in full.
ASKED_ALREADY = frozenset(
    {
        "answer sender",
        "audit",
        "check content",
        "check patient",
        "check_in_desk",
        "death",
        "desk",
        "identity check",
        "merge review",
        "records request",
        "window",
    }
)


def marked_among(patients: Iterable[Patient]) -> set[UUID]:
    """Which of these patients carry a mark, on this chart or on one that was joined with it."""
    asked = {one.pk: {one.pk, one.joined_to_id} - {None} for one in patients}
    keys = set(chain(*asked.values()))
    marks = PatientMark.objects.filter(
        Q(patient_id__in=keys) | Q(patient__joined_to_id__in=keys), ended_at=None
    )
    carry = set(chain(*marks.values_list("patient_id", "patient__joined_to_id")))
    return {key for key, charts in asked.items() if charts & carry}


def open_glass(staff: Staff, patient_id: UUID) -> BreakGlass | None:
    """The urgent reading under which the staff member may read about the patient now."""
    mine = BreakGlass.objects.filter(hospital_id=staff.hospital_id, staff=staff)
    return mine.holding(clock.now()).filter(patient_id=patient_id).order_by("-until").first()


def to_ask_about(staff: Staff, patients: Iterable[Patient]) -> set[UUID]:
    """Those of the patients about whom the staff member must still say why."""
    marked = marked_among(patients)
    if not marked:
        return marked
    mine = BreakGlass.objects.filter(hospital_id=staff.hospital_id, staff=staff)
    held = mine.holding(clock.now()).filter(patient_id__in=marked)
    return marked - set(held.values_list("patient_id", flat=True))


def refuse_unasked(staff: Staff, patients: Iterable[Patient], *, reason: str) -> None:
    """Raises ReasonNeeded, naming one of those about whom a reason must be given first."""
    if reason in ASKED_ALREADY:
        return
    missing = to_ask_about(staff, patients)
    if missing:
        raise ReasonNeeded(patient_id=min(missing))
