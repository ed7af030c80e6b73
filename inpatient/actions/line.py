"""Something was used or done on a day and is charged (记账), or was charged wrongly (冲账)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts.models import Staff
from clinic.models import PriceItem
from common import clock
from common.commands import action, write
from common.live import announce
from inpatient.errors import (
    DateOutsideStay,
    LineDiffers,
    LineReversed,
    LineUnknown,
    NotOnWard,
    PriceUnknown,
)
from inpatient.locks import lock_admission
from inpatient.models import Admission, DailyLine, DailyList
from inpatient.words import DAILY_LIST
from notifications.actions.promise import promise_message
from patients.models import Scope

TOLD_AT = time(7, 30)  # the morning after: the day's list is complete by then


@dataclass(frozen=True)
class Charged:
    """What was charged, in the numbers of whoever charged it."""

    source_number: str
    on: date
    code: str  # in the price list
    quantity: int = 1

    def is_of(self, line: DailyLine, *, admission_id: UUID) -> bool:
        """True where the stored line says the same."""
        said = (self.on, self.code, self.quantity, admission_id)
        stored = line.daily_list
        return said == (stored.on, line.code, line.quantity, stored.admission_id)

    def line_at(self, item: PriceItem) -> DailyLine:
        """The line at this price, on no list yet."""
        return DailyLine(
            hospital_id=item.hospital_id,
            source_number=self.source_number,
            code=item.code,
            name=item.name,
            unit=item.unit,
            unit_price_fen=item.price_fen,
            quantity=self.quantity,
            amount_fen=self.quantity * item.price_fen,
            made_at=clock.now(),
        )


@action
def add_daily_line(*, admission_id: UUID, charged: Charged, staff: Staff) -> DailyLine:
    """The stay's daily list has the line, at today's price. The same number again is once.

    Raises AdmissionUnknown, LineDiffers, NotOnWard, DateOutsideStay, PriceUnknown.
    """
    admission = lock_admission(admission_id, staff=staff)
    known = _line(admission, source_number=charged.source_number)
    if known is not None:
        if not charged.is_of(known, admission_id=admission_id):
            raise LineDiffers(line_id=known.pk)
        return known
    if not admission.is_on_ward or admission.admitted_at is None:
        raise NotOnWard(admission_id=admission_id)
    if not clock.local(admission.admitted_at).date() <= charged.on <= clock.today():
        raise DateOutsideStay(on=charged.on)
    item = PriceItem.objects.filter(hospital_id=admission.hospital_id, code=charged.code).first()
    if item is None:
        raise PriceUnknown(item=charged.code)

    line = charged.line_at(item)
    line.daily_list = _list_of(admission, on=charged.on)
    write(line)
    _tell(admission)
    return line


@action
def reverse_daily_line(*, line_id: UUID, source_number: str, staff: Staff) -> DailyLine:
    """A line that takes the wrong one off the same day's list, whole. The same number is once.

    Raises LineUnknown, AdmissionUnknown, LineDiffers, NotOnWard, LineReversed.
    """
    wrong = DailyLine.objects.filter(hospital_id=staff.hospital_id, pk=line_id)
    wrong_line = wrong.select_related("daily_list").first()
    if wrong_line is None:
        raise LineUnknown(line_id=line_id)
    admission = lock_admission(wrong_line.daily_list.admission_id, staff=staff)
    known = _line(admission, source_number=source_number)
    if known is not None:
        if known.reverses_id != line_id:
            raise LineDiffers(line_id=known.pk)
        return known
    if not admission.is_on_ward:
        raise NotOnWard(admission_id=admission.pk)
    if wrong_line.reverses_id or DailyLine.objects.filter(reverses=wrong_line).exists():
        raise LineReversed(line_id=line_id)

    line = wrong_line.reversal_as(source_number, made_at=clock.now())
    write(line)
    _tell(admission)
    return line


def _line(admission: Admission, *, source_number: str) -> DailyLine | None:
    """What was charged under this number in the hospital."""
    known = DailyLine.objects.filter(hospital_id=admission.hospital_id, source_number=source_number)
    return known.select_related("daily_list").first()


def _list_of(admission: Admission, *, on: date) -> DailyList:
    """The stay's list of that date; its first line owes the family word of it."""
    known = admission.daily_lists.filter(on=on).first()
    if known is not None:
        return known
    made = DailyList(hospital_id=admission.hospital_id, admission=admission, on=on)
    morning_after = datetime.combine(on + timedelta(days=1), TOLD_AT, tzinfo=clock.HOSPITAL_ZONE)
    write(made)
    promise_message(
        template=DAILY_LIST,
        patient=admission.patient,
        about=made,
        due_at=max(morning_after, clock.now()),
    )
    return made


def _tell(admission: Admission) -> None:
    announce(admission.ward_stream, "line_added", admission_id=admission.pk)
    announce(admission.day_stream, "line_added", needs=Scope.INPATIENT, admission_id=admission.pk)
