"""Which of the hospital's patients a message means; never guessed."""

from uuid import UUID

from interop.errors import PatientDiffers, PatientNotFound
from interop.hl7v2.people import PatientId, PatientIds
from interop.hl7v2.profiles import IdKind
from patients.actions.identify import patient_known_as
from patients.directory import patients_with_document
from patients.document_kinds import indexes_of
from patients.documents import normalised
from patients.models import DocumentType, Patient

# A document, by what its sender calls the number.
DOCUMENTS = {kind: DocumentType(kind) for kind in IdKind if kind in set(DocumentType.values)}


def patient_meant(ids: PatientIds, *, hospital_id: UUID) -> Patient:
    """The patient whom every number of the message names, born on the day it says.

    A number is our own (门诊号), a document's, or one that its issuer is known by here.

    Raises PatientNotFound, PatientDiffers.
    """
    found = people_named(ids, hospital_id=hospital_id)
    if not found:
        raise PatientNotFound
    if len(found) > 1:
        raise PatientDiffers
    (patient,) = found
    _refuse_other_person(patient, ids=ids)
    return patient


def people_named(ids: PatientIds, *, hospital_id: UUID) -> set[Patient]:
    """Everybody in the hospital whom one of the numbers names; several where they differ."""
    patients = Patient.objects.filter(hospital_id=hospital_id)
    number = ids.number(IdKind.PATIENT_NUMBER)
    found: set[Patient] = set()
    if number:
        found |= set(patients.filter(number=number))
    for indexes in _documents(ids):
        found |= set(patients_with_document(hospital_id, indexes))
    return found | {one for told in ids.ids if (one := _known_as(told, hospital_id=hospital_id))}


def _documents(ids: PatientIds) -> list[list[str]]:
    """For each document that is told, every index that it may have."""
    return [
        indexes_of(DOCUMENTS[told.kind], normalised(told.value))
        for told in ids.ids
        if told.kind in DOCUMENTS
    ]


def _known_as(told: PatientId, *, hospital_id: UUID) -> Patient | None:
    if told.kind not in {IdKind.PATIENT_NUMBER, IdKind.OTHER}:
        return None
    return patient_known_as(hospital_id, issuer=told.authority, value=told.value)


def _refuse_other_person(patient: Patient, *, ids: PatientIds) -> None:
    """A number may be mistyped into somebody else's: all that is told must agree."""
    first = next((one for one in ids.ids if one.kind == IdKind.PATIENT_NUMBER), None)
    is_same = (
        (
            first is None
            or first.value == patient.number
            or _known_as(first, hospital_id=patient.hospital_id) == patient
        )
        and all(
            patient in patients_with_document(patient.hospital_id, indexes)
            for indexes in _documents(ids)
        )
        and ids.birth_on in {None, patient.born_on}
    )
    if not is_same:
        raise PatientDiffers
