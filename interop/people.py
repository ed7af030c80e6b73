"""Which of the hospital's patients a message means; never guessed."""

from uuid import UUID

from interop.errors import PatientDiffers, PatientNotFound
from interop.hl7v2.people import PatientId, PatientIds
from interop.hl7v2.profiles import IdKind
from patients.actions.identify import patient_known_as
from patients.documents import normalised
from patients.identity import document_index
from patients.models import DocumentType, Patient


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
    number, document = ids.number(IdKind.PATIENT_NUMBER), ids.number(IdKind.RESIDENT_ID)
    found: set[Patient] = set()
    if number:
        found |= set(patients.filter(number=number))
    if document:
        index = document_index(DocumentType.RESIDENT_ID, normalised(document))
        found |= set(patients.filter(person__document_index=index))
    return found | {one for told in ids.ids if (one := _known_as(told, hospital_id=hospital_id))}


def _known_as(told: PatientId, *, hospital_id: UUID) -> Patient | None:
    if told.kind not in {IdKind.PATIENT_NUMBER, IdKind.OTHER}:
        return None
    return patient_known_as(hospital_id, issuer=told.authority, value=told.value)


def _refuse_other_person(patient: Patient, *, ids: PatientIds) -> None:
    """A number may be mistyped into somebody else's: all that is told must agree."""
    document = ids.number(IdKind.RESIDENT_ID)
    first = next((one for one in ids.ids if one.kind == IdKind.PATIENT_NUMBER), None)
    is_same = (
        (
            first is None
            or first.value == patient.number
            or _known_as(first, hospital_id=patient.hospital_id) == patient
        )
        and (not document or normalised(document) == patient.document_number)
        and ids.birth_on in {None, patient.born_on}
    )
    if not is_same:
        raise PatientDiffers
