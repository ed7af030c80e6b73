"""Unusual reading reaches the auditor once; usual reading never does."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from common import clock
from hospitals.actions.decide import decide_policy
from hospitals.policy import forget_policies
from notifications.models import Task
from patients.access import show_record
from patients.errors import ReadQuota
from patients.models import AccessFinding, AccessLine, Patient, Person
from tests import make
from tests.make import reading
from visits import unusual
from visits.actions.allow_more import allow_more_reading
from visits.actions.review import close_finding
from visits.actions.search import search_record
from visits.actions.watch import watch_access
from visits.errors import OwnReading

pytestmark = pytest.mark.django_db
Rule = AccessFinding.Rule


def people(count: int) -> list[Patient]:
    """So many patients of one hospital."""
    first = make.patient(name="王建国")
    more = [make.patient(hospital=first.hospital, name="王建国") for _ in range(count - 1)]
    return [first, *more]


def found() -> list[str]:
    """The rules that found something, after a look."""
    watch_access()
    return list(AccessFinding.objects.order_by("rule").values_list("rule", flat=True))


def test_an_ordinary_morning_is_not_unusual() -> None:
    clinic = people(3)
    show_record(
        staff=reading.reader(clinic[0]), patients=clinic, shown="report", reason="open visit"
    )

    assert found() == []


def test_many_misses_become_one_finding_with_one_task_however_often_we_look() -> None:
    doctor = reading.reader(people(1)[0])
    for number in range(unusual.MISSES_AN_HOUR):
        search_record(staff=doctor, number=str(number))

    assert (found(), found()) == ([Rule.MANY_MISSES], [Rule.MANY_MISSES])

    task = Task.objects.get(role=Role.AUDITOR)
    assert task.patient is None


def test_several_urgent_readings_in_a_day_are_found() -> None:
    clinic = people(unusual.GLASSES_A_DAY)
    doctor = reading.reader(clinic[0])
    for patient in clinic:
        reading.glass(patient, staff=doctor)

    assert found() == [Rule.MANY_BREAK_GLASS]


def test_more_people_in_an_hour_than_a_session_has_are_found() -> None:
    clinic = people(3)
    manager = reading.reader(clinic[0], role=Role.MANAGER)
    limit: dict[str, int] = {Role.MANAGER: 2}
    show_record(staff=manager, patients=clinic, shown="task", reason="task")

    counts = list(unusual.many_people(clinic[0].hospital, clock.now(), limits=limit))

    assert [(one.staff_id, one.count) for one in counts] == [(manager.pk, 3)]


@pytest.mark.parametrize(
    ("role", "reason", "expected"),
    [
        (Role.RECORDS_OFFICE, "records request", [Rule.OUT_OF_HOURS]),
        (Role.DOCTOR, "open visit", [Rule.OUT_OF_HOURS]),
        (Role.DOCTOR, "ward", []),
        (Role.NURSE, "ward", []),
    ],
)
def test_reading_at_night_without_duty_is_found(
    role: str, reason: str, expected: list[str]
) -> None:
    patient = people(1)[0]
    clock.shift(timedelta(hours=15))  # eleven at night
    show_record(
        staff=reading.reader(patient, role=role), patients=[patient], shown="visits", reason=reason
    )

    assert found() == expected


@pytest.mark.parametrize(
    ("reader", "patient", "expected"),
    [
        ("欧阳静", "欧阳明", True),
        ("王静", "王明", False),  # one in fourteen Chinese is a 王
        ("王静", "王静", True),
        ("郑重", "欧阳静", False),
    ],
)
def test_a_name_alike_says_something_only_where_it_is_not_frequent(
    reader: str, patient: str, expected: object
) -> None:
    assert unusual.is_alike(reader, patient) is expected


def test_who_reads_about_a_namesake_is_found() -> None:
    patient = make.patient(name="欧阳明")
    staff = reading.reader(patient, name="欧阳静")
    show_record(staff=staff, patients=[patient], shown="report", reason="open visit")

    assert found() == [Rule.NAMESAKE]
    assert AccessFinding.objects.get().patient == patient


def test_who_reads_about_the_dead_is_found_and_a_copy_for_the_heirs_is_not() -> None:
    patient = make.patient(name="欧阳明")
    Person.objects.filter(pk=patient.person_id).update(deceased_at=clock.now())
    clock.shift(unusual.AFTER_DEATH)
    clerk = reading.reader(patient, role=Role.RECORDS_OFFICE)
    show_record(staff=clerk, patients=[patient], shown="visits", reason="records request")

    assert found() == []
    show_record(staff=clerk, patients=[patient], shown="task", reason="task")
    assert found() == [Rule.DECEASED]


def tight(patient: Patient, **rules: int) -> None:
    """The hospital decides narrow limits."""
    decide_policy(hospital=patient.hospital, effective_on=clock.today(), **rules)
    forget_policies()


def test_an_office_is_refused_beyond_the_day_and_an_allowance_opens_it_for_today() -> None:
    clinic = people(4)
    tight(clinic[0], people_a_day_in_offices=2)
    clerk = reading.reader(clinic[0], role=Role.BOOKING_OFFICE)
    manager = reading.reader(clinic[0], role=Role.MANAGER)
    said: dict[str, Any] = {"staff": clerk, "shown": "task", "reason": "task"}
    show_record(patients=clinic[:2], **said)

    with pytest.raises(ReadQuota):
        show_record(patients=clinic[2:3], **said)
    allow_more_reading(staff_number=clerk.number, more=1, words="停诊通知", allowed_by=manager)
    show_record(patients=clinic[2:3], **said)
    with pytest.raises(ReadQuota):
        show_record(patients=clinic[3:], **said)
    clock.shift(timedelta(days=1))
    show_record(patients=clinic[3:], **said)

    assert AccessLine.objects.filter(staff=clerk).count() == 4


def test_who_was_shown_before_today_costs_nothing_more() -> None:
    clinic = people(2)
    tight(clinic[0], people_a_day_in_offices=2)
    clerk = reading.reader(clinic[0], role=Role.BOOKING_OFFICE)

    for _ in range(3):
        show_record(staff=clerk, patients=clinic, shown="task", reason="task")

    assert AccessLine.objects.filter(staff=clerk).count() == 6


def test_who_treats_is_never_refused_but_the_auditor_hears_at_eighty_percent() -> None:
    clinic = people(5)
    tight(clinic[0], people_a_day_in_care=5)
    doctor = reading.reader(clinic[0])
    said: dict[str, Any] = {"staff": doctor, "shown": "report", "reason": "open visit"}

    show_record(patients=clinic[:3], **said)
    before = found()
    show_record(patients=clinic, **said)

    assert before == []
    assert found() == [Rule.QUOTA_NEAR]


def test_nobody_allows_themselves_more_or_closes_a_finding_about_themselves() -> None:
    patient = make.patient(name="欧阳明")
    auditor = reading.reader(patient, role=Role.AUDITOR, name="欧阳静")
    show_record(staff=auditor, patients=[patient], shown="access log", reason="audit")
    watch_access()
    finding = AccessFinding.objects.get()

    with pytest.raises(OwnReading):
        allow_more_reading(staff_number=auditor.number, more=1, words="核查", allowed_by=auditor)
    with pytest.raises(OwnReading):
        close_finding(finding_id=finding.pk, reviewer=auditor, is_explained=True, words="")
    other = reading.reader(patient, role=Role.AUDITOR)
    closed = close_finding(finding_id=finding.pk, reviewer=other, is_explained=False, words="无关")
    assert closed.status == AccessFinding.Status.CONFIRMED
    assert Task.objects.open().get(about_id=finding.pk).role == Role.MANAGER
