"""A manager or auditor lets somebody read about more people today."""

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.models import ReadAllowance
from visits.errors import OwnReading, ReasonTooShort, StaffNotFound


@action
def allow_more_reading(
    *, staff_number: str, more: int, words: str, allowed_by: Staff
) -> ReadAllowance:
    """The staff member may be shown `more` people beyond today's limit. Never by oneself.

    Raises StaffNotFound, OwnReading, ReasonTooShort.
    """
    staff = Staff.objects.filter(hospital_id=allowed_by.hospital_id, number=staff_number).first()
    if staff is None:
        raise StaffNotFound
    if staff.pk == allowed_by.pk:
        raise OwnReading(staff_id=staff.pk)
    if not words.strip():
        raise ReasonTooShort(shortest=1)

    allowance = ReadAllowance(
        hospital_id=allowed_by.hospital_id,
        staff=staff,
        on=clock.today(),
        more=more,
        allowed_by=allowed_by,
        words=words.strip(),
        made_at=clock.now(),
    )
    write(allowance)
    return allowance
