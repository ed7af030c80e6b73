"""A staff member looks for one person by a whole number, never by browsing."""

from datetime import timedelta

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.models import Patient, RecordSearch
from visits.errors import TooManyMisses
from visits.finding import patient_by_number

MISSES_AN_HOUR = 20  # a slip of the finger is one or two


@action
def search_record(*, staff: Staff, number: str) -> Patient | None:
    """The patient with this patient number, document number or wristband, if there is one.

    The search is remembered, the number is not. Raises TooManyMisses.
    """
    now = clock.now()
    misses = RecordSearch.objects.filter(
        hospital_id=staff.hospital_id,
        staff=staff,
        has_found=False,
        at__gt=now - timedelta(hours=1),
    )
    if misses.count() >= MISSES_AN_HOUR:
        raise TooManyMisses(most=MISSES_AN_HOUR)

    patient = patient_by_number(staff.hospital, number)
    write(
        RecordSearch(
            hospital_id=staff.hospital_id,
            staff=staff,
            has_found=patient is not None,
            at=now,
        )
    )
    return patient
