"""Somebody asks for records at the counter."""

from datetime import timedelta

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.directory import patients_with_document
from patients.document_kinds import possible_indexes
from records.errors import PersonNotHere
from records.models import CopyRequest

REQUEST_LIFE = timedelta(hours=4)  # the applicant stands at the counter, or comes back today
REASON = "records request"


@action
def take_request(*, staff: Staff, document_number: str, claimant: str, purpose: str) -> CopyRequest:
    """The clerk may read the records of the patient with this document for four hours.

    Who shows the patient to the clerk writes the line. Raises the document's own errors, and
    PersonNotHere.
    """
    now = clock.now()
    indexes = possible_indexes(document_number, today=clock.local(now).date())
    patient = patients_with_document(staff.hospital_id, indexes).order_by("pk").first()
    if patient is None:
        raise PersonNotHere

    request = CopyRequest(
        hospital_id=staff.hospital_id,
        patient=patient,
        staff=staff,
        claimant=claimant,
        purpose=purpose,
        made_at=now,
        open_until=now + REQUEST_LIFE,
    )
    write(request)
    return request
