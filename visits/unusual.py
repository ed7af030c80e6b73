"""What is unusual about reading (异常查阅): simple rules that the auditor can explain.

Each rule looks at one hospital and the time since the last looks, and says whom it is about.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from accounts.models import Role, Staff
from booking.models import Session
from common import clock
from hospitals.models import Hospital
from patients.asked_first import ASKED_ALREADY
from patients.models import AccessFinding, AccessLine, BreakGlass, RecordSearch
from patients.quota import ALARM_PERCENT, midnight, people_a_day
from visits.care import BREAK_GLASS

Rule = AccessFinding.Rule
LOOKS_BACK = timedelta(hours=1)
# Different people in an hour; ours, far above what a full session or ward needs.
PEOPLE_AN_HOUR: dict[str, int] = {
    Role.DOCTOR: 40,
    Role.NURSE: 80,
    Role.TRIAGE: 200,
    Role.PHARMACIST: 150,
}
PEOPLE_AN_HOUR_ELSEWHERE = 60
GLASSES_A_DAY = 3
MISSES_AN_HOUR = 5
AFTER_DEATH = timedelta(days=7)  # until then the ward and the doctors finish the record
NIGHT_FROM, NIGHT_UNTIL = 22, 6  # the hospital's hours
ON_DUTY_AT_NIGHT = frozenset({Role.NURSE})  # wards and emergencies never close
# The twenty most frequent surnames (公安部 户籍, 2021): sharing one of these says nothing.
FREQUENT_SURNAMES = frozenset("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗")


@dataclass(frozen=True)
class Unusual:
    """One thing to lay before the auditor."""

    rule: str
    staff_id: UUID
    count: int
    patient_id: UUID | None = None


def many_people(
    hospital: Hospital, now: datetime, *, limits: Mapping[str, int] = PEOPLE_AN_HOUR
) -> Iterator[Unusual]:
    """More different people in the last hour than the role usually needs."""
    lines = AccessLine.objects.filter(hospital=hospital, staff__isnull=False)
    rows = lines.since(now - LOOKS_BACK).values("staff_id", "role").order_by()
    for row in rows.annotate(people=Count("patient_id", distinct=True)):
        if row["people"] > limits.get(row["role"], PEOPLE_AN_HOUR_ELSEWHERE):
            yield Unusual(Rule.MANY_PEOPLE, row["staff_id"], row["people"])


def many_break_glass(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Several urgent readings in a day."""
    rows = BreakGlass.objects.filter(hospital=hospital, made_at__gte=now - timedelta(days=1))
    for row in rows.values("staff_id").order_by().annotate(times=Count("pk")):
        if row["times"] >= GLASSES_A_DAY:
            yield Unusual(Rule.MANY_BREAK_GLASS, row["staff_id"], row["times"])


def many_misses(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Numbers that nobody has, again and again: somebody tries them out."""
    rows = RecordSearch.objects.filter(hospital=hospital, has_found=False, at__gte=now - LOOKS_BACK)
    for row in rows.values("staff_id").order_by().annotate(times=Count("pk")):
        if row["times"] >= MISSES_AN_HOUR:
            yield Unusual(Rule.MANY_MISSES, row["staff_id"], row["times"])


def out_of_hours(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Reading at night by who has no duty then; urgent readings are reviewed one by one anyway."""
    lines = AccessLine.objects.filter(hospital=hospital, staff__isnull=False)
    lines = lines.exclude(role__in=ON_DUTY_AT_NIGHT).exclude(reason__in=(BREAK_GLASS, "ward"))
    times: dict[UUID, int] = defaultdict(int)
    for staff_id, at in lines.since(now - LOOKS_BACK).values_list("staff_id", "at"):
        hour = clock.local(at).hour
        if hour >= NIGHT_FROM or hour < NIGHT_UNTIL:
            times[staff_id] += 1
    works = Session.objects.on(clock.local(now).date()).filter(
        hospital=hospital, begins_at__lte=now, ends_at__gte=now - LOOKS_BACK
    )
    on_duty = set(works.values_list("doctor__staff_id", flat=True))
    for staff_id, count in times.items():
        if staff_id not in on_duty:
            yield Unusual(Rule.OUT_OF_HOURS, staff_id, count)


def quota_near(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Nearly as many people in a day as the staff member may be shown, or more."""
    lines = AccessLine.objects.filter(hospital=hospital, staff__isnull=False)
    today = lines.since(midnight(clock.local(now).date()))
    rows = today.values("staff_id").order_by()
    counts = {
        row["staff_id"]: row["people"]
        for row in rows.annotate(people=Count("patient_id", distinct=True))
    }
    for staff in Staff.objects.filter(pk__in=counts).select_related("hospital"):
        if counts[staff.pk] * 100 >= people_a_day(staff) * ALARM_PERCENT:
            yield Unusual(Rule.QUOTA_NEAR, staff.pk, counts[staff.pk])


def namesake(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Somebody with the reader's own name, or with the same surname where it is not frequent."""
    lines = AccessLine.objects.filter(hospital=hospital, staff__isnull=False)
    rows = lines.since(now - LOOKS_BACK).select_related("staff", "patient").order_by("pk")
    seen: set[tuple[UUID | None, UUID]] = set()
    for line in rows:
        pair = (line.staff_id, line.patient_id)
        if line.staff is None or pair in seen:
            continue
        seen.add(pair)
        if is_alike(line.staff.name, line.patient.name):
            yield Unusual(Rule.NAMESAKE, line.staff.pk, 1, line.patient_id)


def deceased(hospital: Hospital, now: datetime) -> Iterator[Unusual]:
    """Somebody who died a while ago, and whose copies nobody asked for at the counter."""
    lines = AccessLine.objects.filter(hospital=hospital, staff__isnull=False)
    rows = lines.since(now - LOOKS_BACK).filter(patient__person__deceased_at__lte=now - AFTER_DEATH)
    rows = rows.exclude(reason__in=ASKED_ALREADY).order_by("staff_id", "patient_id")
    for staff_id, patient_id in rows.values_list("staff_id", "patient_id").distinct():
        yield Unusual(Rule.DECEASED, staff_id, 1, patient_id)


def is_alike(reader: str, patient: str) -> bool:
    """True for one name, and for one surname that few people have."""
    surname = patient[:1]
    return reader == patient or (reader[:1] == surname and surname not in FREQUENT_SURNAMES)


RULES: tuple[Callable[[Hospital, datetime], Iterator[Unusual]], ...] = (
    many_people,
    many_break_glass,
    many_misses,
    out_of_hours,
    quota_near,
    namesake,
    deceased,
)
