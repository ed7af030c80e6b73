"""Another system's number for a patient becomes known."""

from uuid import UUID

from common import clock
from common.commands import action, write
from common.crypto import blind_index, hold_indexes
from patients.errors import IdentifierTaken
from patients.models import Identifier, Patient

COLUMN = "identifier.value"


@action
def add_identifier(*, patient: Patient, issuer: str, value: str) -> Identifier:
    """From now on the issuer's number finds this patient. The same again changes nothing.

    Raises IdentifierTaken where it finds somebody else.
    """
    hold_indexes()
    known = _known(patient.hospital_id, issuer=issuer, value=value)
    if known is not None and known.patient_id != patient.pk:
        raise IdentifierTaken(issuer=issuer)
    if known is not None:
        _keep_findable(known, value=value)
        return known

    identifier = Identifier(
        hospital_id=patient.hospital_id,
        patient=patient,
        issuer=issuer,
        value_index=blind_index(COLUMN, value),
        made_at=clock.now(),
    )
    write(identifier)
    return identifier


def _keep_findable(known: Identifier, *, value: str) -> None:
    """The number is not stored: its index follows a new key when the number is said again."""
    index = blind_index(COLUMN, value)
    if str(index) != known.value_index:
        Identifier.objects.filter(pk=known.pk).update(value_index=index)


def patient_known_as(hospital_id: UUID, *, issuer: str, value: str) -> Patient | None:
    """Whom the issuer means by this number, if the hospital was told."""
    known = _known(hospital_id, issuer=issuer, value=value)
    return known.patient if known else None


def _known(hospital_id: UUID, *, issuer: str, value: str) -> Identifier | None:
    return (
        Identifier.objects.filter(
            hospital_id=hospital_id, issuer=issuer, value_index=blind_index(COLUMN, value)
        )
        .select_related("patient")
        .first()
    )
