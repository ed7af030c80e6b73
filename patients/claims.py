"""What a patient's documents come to: which one is shown, and whether the patient is verified."""

from datetime import datetime
from uuid import UUID

from common.jobs import nudge
from patients.checking import open_port
from patients.document_kinds import CheckedDocument
from patients.errors import DocumentUnknown
from patients.models import Document, Patient, Person

CHECK = "check_documents"  # the timer


def claim_of(patient: Patient, *, checked: CheckedDocument, now: datetime) -> Document:
    """A new claim, not written yet; where there is a check port it is asked soon."""
    is_port_open = open_port() is not None
    if is_port_open:
        nudge(CHECK)
    return Document(
        hospital_id=patient.hospital_id,
        patient=patient,
        type=checked.type,
        number=checked.number,
        document_index=checked.index,
        nationality=checked.nationality,
        made_at=now,
        check_due_at=now if is_port_open else None,
    )


def document_of(document_id: UUID, *, hospital_id: UUID) -> Document:
    """The hospital's document. Raises DocumentUnknown."""
    found = Document.objects.filter(hospital_id=hospital_id, pk=document_id)
    document = found.select_related("patient").first()
    if document is None:
        raise DocumentUnknown(document_id=document_id)
    return document


def lock_document(document: Document) -> tuple[Person, Document]:
    """The document's person and the document, locked in this order and read again."""
    person = Person.objects.locked().get(pk=document.patient.person_id)
    locked = Document.objects.select_related("patient").locked().get(pk=document.pk)
    return person, locked


def settle_claims(patient: Patient) -> None:
    """The patient shows a document that stands, and is verified if one of them is.

    The person must be locked. What is shown stays until it is void, or while it was only a
    newborn's certificate (待补证) until a better one is there: nothing is overwritten.
    """
    standing = list(Document.objects.live().filter(patient=patient).order_by("made_at", "pk"))
    shown = (patient.document_type, patient.document_number)
    patient.is_verified = any(one.status == Document.Status.VERIFIED for one in standing)
    leading = min(standing, key=lambda one: _rank(one, shown=shown), default=None)
    if leading is not None:
        patient.document_type, patient.document_number = leading.type, leading.number
    patient.save(update_fields=["is_verified", "document_type", "document_number"])


def _rank(document: Document, *, shown: tuple[str, str]) -> tuple[bool, bool, bool]:
    """The smallest is shown: no certificate of birth, then what was shown, then a verified one."""
    return (
        document.waits_for_another,
        (document.type, document.number) != shown,
        document.status != Document.Status.VERIFIED,
    )
