"""A document turns out wrong, or is no longer good."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from common.commands import action
from common.crypto import hold_indexes
from patients.claims import document_of, lock_document, settle_claims
from patients.directory import drop_entry
from patients.models import Document


@action
def void_document(*, staff: Staff, document_id: UUID, because: str) -> Document:
    """The document is void (失效) and finds the patient no more. Again, it changes nothing.

    Raises DocumentUnknown.
    """
    hold_indexes()
    person, document = lock_document(document_of(document_id, hospital_id=staff.hospital_id))
    if document.status == Document.Status.VOID:
        return document

    document.move_to(
        Document.Status.VOID,
        voided_at=clock.now(),
        voided_by=staff,
        voided_because=because,
        check_due_at=None,
    )
    drop_entry(person, document.document_index)
    settle_claims(document.patient)
    return document
