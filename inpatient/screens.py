"""What the pages about stays show."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch

from accounts.models import Staff
from clinic.models import Bed, Department
from clinic.reach import Reach, reach_of
from common import clock
from common.live import StreamName, last_number
from hospitals.models import Hospital
from inpatient.bill import Bill, bill_of
from inpatient.identity import plain
from inpatient.models import Admission, DailyLine
from inpatient.words import WARD
from patients.access import show_record
from patients.search import matches

MOST_ROWS = 200
EXPLAINED_FOR = timedelta(days=1)  # how long the ward still shows a settled stay


@dataclass(frozen=True)
class WardRow:
    """A ward in a list."""

    ward: Department
    beds: int
    free: int
    waiting: int


@dataclass(frozen=True)
class Day:
    """One date of the bill."""

    on: date
    lines: list[DailyLine]

    @property
    def total_fen(self) -> int:
        """What the date costs, reversals taken off."""
        return sum(line.amount_fen for line in self.lines)


def wards_of(hospital: Hospital, *, reach: Reach | None = None) -> list[WardRow]:
    """The departments that have beds (and where somebody works), in three statements."""
    beds = Bed.objects.filter(hospital=hospital).values("ward_id").order_by()
    counts = {
        row["ward_id"]: row for row in beds.annotate(all=Count("pk"), taken=Count("admission_id"))
    }
    asked = Admission.objects.of_hospital(hospital.pk).asked().order_by().values("ward_id")
    waiting = {row["ward_id"]: row["count"] for row in asked.annotate(count=Count("pk"))}
    return [
        WardRow(
            ward=ward,
            beds=counts[ward.pk]["all"],
            free=counts[ward.pk]["all"] - counts[ward.pk]["taken"],
            waiting=waiting.get(ward.pk, 0),
        )
        for ward in Department.objects.filter(pk__in=counts).order_by("position", "code")
        if reach is None or reach.covers(ward.pk)
    ]


def free_beds(ward: Department) -> list[Bed]:
    """Where somebody can lie, by number."""
    return list(Bed.objects.filter(ward=ward, admission_id=None).order_by("number"))


def live_of(*streams: StreamName) -> dict[str, str]:
    """Streams and the number each stands at, as `live.js` reads them. Ask before the rows."""
    numbers = [str(last_number(stream)) for stream in streams]
    return {
        "live_stream": " ".join(f"{stream.kind}:{stream.subject_id}" for stream in streams),
        "live_since": " ".join(numbers),
    }


def board_of(ward: Department, *, words: str = "") -> dict[str, Any]:
    """The beds with who lies in them, and who waits; names are shortened by the template.

    With `words`, only those whose name or pinyin matches.
    """
    live = live_of(StreamName(ward.hospital_id, WARD, ward.pk))
    stays = Admission.objects.of_hospital(ward.hospital_id).filter(ward=ward)
    lying = {stay.bed_id: stay for stay in stays.on_ward().select_related("patient").order_by("pk")}
    beds = list(Bed.objects.filter(ward=ward).order_by("number"))
    rows = [(bed, lying.get(bed.pk)) for bed in beds]
    waiting = list(stays.asked().select_related("patient")[:MOST_ROWS])
    return {
        **live,
        "ward": ward,
        "words": words,
        "bed_count": len(beds),
        "beds": [row for row in rows if not words or (row[1] and _is_meant(row[1], words))],
        "free": sum(bed.pk not in lying for bed in beds),
        "waiting": [stay for stay in waiting if _is_meant(stay, words)],
        "today": clock.today(),
    }


def _is_meant(stay: Admission, words: str) -> bool:
    return matches(stay.patient.name, words)


def waiting_for(hospital: Hospital, *, reach: Reach, words: str) -> list[Admission]:
    """Who waits for a bed where somebody works; names are encrypted, so this list alone is
    searched.
    """
    asked = Admission.objects.of_hospital(hospital.pk).asked()
    if not reach.is_whole_house:
        asked = asked.filter(ward__in=reach.departments)
    rows = asked.select_related("patient", "ward")[:MOST_ROWS]
    wanted = plain(words)
    return [
        row
        for row in rows
        if _is_meant(row, words)
        or (len(wanted) == 4 and plain(row.patient.document_number).endswith(wanted))
    ]


def stay_for(staff: Staff, admission_id: UUID, *, is_live: bool = False) -> Admission | None:
    """A stay that the ward may read, with a line for the patient: live, or settled just now.

    The part of an open page that changes (`is_live`) leaves one line a day.
    """
    rows = Admission.objects.of_hospital(staff.hospital_id).filter(pk=admission_id)
    stay = rows.select_related("patient", "ward", "bed", "hospital").first()
    if stay is None or not _concerns_ward(stay) or not reach_of(staff).covers(stay.ward_id):
        return None
    show_record(staff=staff, patients=[stay.patient], shown="stay", reason=WARD, is_daily=is_live)
    return stay


def _concerns_ward(stay: Admission) -> bool:
    if stay.discharged_at is not None:
        return clock.now() < stay.discharged_at + EXPLAINED_FOR
    return stay.status in Admission.LIVE


def days_of(stay: Admission) -> list[Day]:
    """The daily lists, the newest first, in two statements."""
    lines = DailyLine.objects.select_related("reversal").order_by("pk")
    lists = stay.daily_lists.order_by("-on").prefetch_related(Prefetch("lines", queryset=lines))
    return [Day(on=one.on, lines=list(one.lines.all())) for one in lists]


def stay_context(stay: Admission) -> dict[str, Any]:
    """A stay's bill by day, with its money. Reads the number of the stream first."""
    live = live_of(stay.ward_stream)
    bill: Bill = bill_of(stay)
    return {**live, "stay": stay, "bill": bill, "days": days_of(stay), "today": clock.today()}
