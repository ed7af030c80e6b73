"""A patient is found by a whole number alone: of the hospital, of a document, or of a wristband."""

from uuid import UUID

from common import clock
from common.asking import Question
from common.errors import DomainError
from hospitals.models import Hospital
from patients.directory import patients_with_document
from patients.document_kinds import possible_indexes
from patients.models import Patient

# Who registers answers with the patients whose wristband says exactly this, or none.
wristbands: Question[[Hospital, str], list[UUID]] = Question("wristbands")


def patient_by_number(hospital: Hospital, number: str) -> Patient | None:
    """The one patient of the hospital whose number this is, if there is one."""
    wanted = number.strip()
    if not wanted:
        return None
    here = Patient.objects.filter(hospital=hospital)
    banded = [key for keys in wristbands.ask(hospital, wanted) for key in keys]
    return (
        here.filter(number=wanted).first()
        or _by_document(hospital, wanted)
        or here.filter(pk__in=banded).first()
    )


def _by_document(hospital: Hospital, wanted: str) -> Patient | None:
    """By the whole number of any kind of document that it can be."""
    try:
        indexes = possible_indexes(wanted, today=clock.today())
    except DomainError:
        return None
    return patients_with_document(hospital.pk, indexes).order_by("pk").first()
