"""Somebody asks for records at the counter."""

from datetime import timedelta

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.documents import read_resident_id
from patients.identity import document_index
from patients.models import DocumentType, Patient
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
    document = read_resident_id(document_number, today=clock.local(now).date())
    index = document_index(DocumentType.RESIDENT_ID, document.number)
    patient = Patient.objects.filter(
        hospital_id=staff.hospital_id, person__document_index=index
    ).first()
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
