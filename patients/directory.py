"""The directory of persons: which person a document finds, in every hospital of the deployment."""

from collections.abc import Collection
from uuid import UUID

from common.errors import InFlight
from common.locking import RowQuerySet
from patients.models import Document, Patient, Person, PersonDocument

LOOKS = 3  # an entry changes hands only while a counter corrects it


def lock_person(document_index: str) -> Person:
    """The person whom the document finds, found or made, locked until the command ends.

    Raises InFlight where the entry changes hands all the time.
    """
    for _ in range(LOOKS):
        person_id = person_found_by(document_index) or _enter(document_index)
        person = Person.objects.locked().get(pk=person_id)
        if person_found_by(document_index) == person_id:
            return person
    raise InFlight


def person_found_by(document_index: str) -> UUID | None:
    """The key of the person whom the document finds, if it finds one."""
    entry = PersonDocument.objects.filter(document_index=document_index)
    return entry.values_list("person_id", flat=True).first()


def _enter(document_index: str) -> UUID:
    """Make the person and the entry; of two at once, one does and both find it."""
    Person.objects.bulk_create([Person(document_index=document_index)], ignore_conflicts=True)
    person = Person.objects.get(document_index=document_index)
    PersonDocument.objects.bulk_create(
        [PersonDocument(document_index=document_index, person=person)], ignore_conflicts=True
    )
    return PersonDocument.objects.get(document_index=document_index).person_id


def enter_document(person: Person, document_index: str) -> bool:
    """From now on the document finds this locked person too; False where it finds another."""
    found = person_found_by(document_index)
    if found is None:
        PersonDocument.objects.bulk_create(
            [PersonDocument(document_index=document_index, person=person)], ignore_conflicts=True
        )
        found = person_found_by(document_index)
    return found == person.pk


def drop_entry(person: Person, document_index: str) -> None:
    """End the entry where none of the locked person's documents stands behind it any more."""
    claims = Document.objects.live().filter(document_index=document_index)
    if claims.filter(patient__person=person).exists():
        return
    PersonDocument.objects.filter(document_index=document_index, person=person).delete()
    if person.document_index == document_index:
        person.document_index = f"-{person.pk}"  # what no document has
        person.save(update_fields=["document_index"])


def patients_with_document(
    hospital_id: UUID, document_indexes: Collection[str]
) -> RowQuerySet[Patient]:
    """The hospital's patients whom one of these documents finds."""
    entries = PersonDocument.objects.filter(document_index__in=document_indexes)
    return Patient.objects.filter(hospital_id=hospital_id, person__in=entries.values("person_id"))
