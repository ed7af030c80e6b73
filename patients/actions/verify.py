"""A document is verified: at the counter, or by the check port (实名核验)."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from common.crypto import hold_indexes
from patients.actions.open_review import open_merge_review
from patients.claims import document_of, lock_document, settle_claims
from patients.directory import enter_document, person_found_by
from patients.errors import DocumentTaken, DocumentVoid
from patients.models import Document, MergeReason, MergeReview, Patient, Way


@action
def confirm_original(*, staff: Staff, document_id: UUID) -> Document:
    """Staff saw the original: the document is verified (窗口核验). Again, it changes nothing.

    Where the directory knows the document as somebody else's, it stays unverified and a merge
    review is open. Raises DocumentUnknown, DocumentVoid, DocumentTaken, InFlight.
    """
    document = document_of(document_id, hospital_id=staff.hospital_id)
    return verify_document(document, way=Way.COUNTER, staff=staff)


def verify_document(document: Document, *, way: Way, staff: Staff | None = None) -> Document:
    """Verify it, unless another person has it. Raises DocumentVoid, DocumentTaken, InFlight."""
    hold_indexes()
    document.refresh_from_db(fields=["document_index"])
    if document.status == Document.Status.VOID:
        raise DocumentVoid(document_id=document.pk)
    if _is_held_by_another(document, staff=staff):
        return document
    person, document = lock_document(document)
    if document.status == Document.Status.VERIFIED:
        return document
    if not document.can_move_to(Document.Status.VERIFIED):
        raise DocumentVoid(document_id=document.pk)

    enter_document(person, document.document_index)
    document.move_to(
        Document.Status.VERIFIED,
        way=way,
        verified_at=clock.now(),
        verified_by=staff,
        check_due_at=None,
    )
    settle_claims(document.patient)
    return document


def _is_held_by_another(document: Document, *, staff: Staff | None) -> bool:
    """True while it is another's: verified there, or found there and nobody joined the two.

    Opens the merge review, which takes its locks before any other. Raises DocumentTaken where
    the other is no patient of this hospital, InFlight.
    """
    same = Document.objects.verified().filter(
        hospital_id=document.hospital_id, document_index=document.document_index
    )
    if same.exclude(patient_id=document.patient_id).exists():
        return True
    holder = person_found_by(document.document_index)
    if holder is None or holder == document.patient.person_id:
        return False
    other = Patient.objects.filter(hospital_id=document.hospital_id, person_id=holder).first()
    if other is None:
        raise DocumentTaken(document_id=document.pk)
    review = open_merge_review(
        first=document.patient, second=other, reason=MergeReason.DOCUMENT, staff=staff
    )
    return review.status != MergeReview.Status.JOINED
