"""A patient shows a further document at the counter."""

from accounts.models import Staff
from common import clock
from common.commands import action, write
from common.crypto import hold_indexes
from common.errors import InFlight
from common.ids import new_id
from patients.actions.open_review import open_merge_review
from patients.claims import claim_of
from patients.directory import enter_document, person_found_by
from patients.document_kinds import StatedDocument
from patients.errors import DocumentTaken
from patients.models import Document, MergeReason, Patient, Person


@action
def add_document(*, staff: Staff, patient: Patient, stated: StatedDocument) -> Document:
    """The document finds the patient too, as a claim; the same again changes nothing.

    Where it finds another patient, both stay and a merge review is open (domain 4.1, rule 5).
    Raises the document's own errors, DocumentTaken, InFlight.
    """
    now = clock.now()
    hold_indexes()
    checked = stated.checked(today=clock.local(now).date())
    other = _holder(patient, document_index=checked.index)
    if other is not None:
        open_merge_review(first=patient, second=other, reason=MergeReason.DOCUMENT, staff=staff)
    person = Person.objects.locked().get(pk=patient.person_id)
    known = Document.objects.live().filter(patient=patient, document_index=checked.index).first()
    if known is not None:
        return known
    if other is None and not enter_document(person, checked.index):
        raise InFlight

    document = claim_of(patient, checked=checked, now=now)
    document.pk = new_id()
    write(document)
    return document


def _holder(patient: Patient, *, document_index: str) -> Patient | None:
    """The hospital's other patient whom the document finds. Raises DocumentTaken."""
    person_id = person_found_by(document_index)
    if person_id is None or person_id == patient.person_id:
        return None
    other = Patient.objects.filter(hospital_id=patient.hospital_id, person_id=person_id).first()
    if other is None:
        raise DocumentTaken
    return other
