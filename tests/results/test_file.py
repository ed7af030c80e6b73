"""Filing reports: the newest version counts, and the patient hears of it once."""

import itertools
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common import clock
from common.live import StreamName, events_since
from hospitals.models import Hospital
from notifications.models import Message
from patients.models import Scope
from results.actions.file import Issued, file_report
from results.errors import ReportDiffers
from results.models import Report, ReportVersion
from results.words import ALL_TEMPLATES, CORRECTED, READY, WITHDRAWN
from tests import make
from tests.make.results import issued, order
from visits.errors import ValueTooLong
from visits.models import Order

Status = ReportVersion.Status


def templates(hospital: Hospital) -> None:
    """What the hospital says about reports."""
    for code in ALL_TEMPLATES:
        make.template(
            hospital=hospital, code=code, scope=Scope.REPORTS, body="{issued_at}", fields={}
        )


def newest(report: Report) -> ReportVersion:
    return ReportVersion.objects.filter(report=report).newest_first()[0]


def file_all(ordered: Order, arrived: list[Issued]) -> Report:
    """They arrive one by one, a second apart."""
    filed = []
    for one in arrived:
        clock.shift(timedelta(seconds=1))
        filed.append(file_report(order=ordered, issued=one))
    return filed[-1]


def life_of(ordered: Order) -> list[Issued]:
    """A report as it is issued through a morning: four versions, the last two of one moment."""
    start = clock.now() - timedelta(hours=4)
    return [
        issued(ordered, status=Status.PRELIMINARY, at=start, value="9.9"),
        issued(ordered, status=Status.FINAL, at=start + timedelta(hours=1), value="5.1"),
        issued(ordered, status=Status.FINAL, at=start + timedelta(hours=2), value="5.2"),
        issued(ordered, status=Status.CORRECTED, at=start + timedelta(hours=2), value="5.3"),
    ]


@pytest.mark.django_db
def test_a_report_is_kept_as_it_was_sent_and_told() -> None:
    ordered = order()
    templates(ordered.hospital)

    report = file_report(order=ordered, issued=issued(ordered, flag="H"))

    version = newest(report)
    assert (report.patient_id, report.order) == (ordered.patient_id, ordered)
    assert version.content["observations"][0]["reference"] == "3.5-9.5"
    assert version.received_at == clock.now()
    assert Message.objects.get(template=READY).about_id == report.pk


@pytest.mark.django_db
def test_the_day_of_the_patient_hears_of_it_without_content() -> None:
    ordered = order()
    before = len(events_since(StreamName(ordered.hospital_id, "day", ordered.patient_id), 0))

    report = file_report(order=ordered, issued=issued(ordered))

    events = events_since(StreamName(ordered.hospital_id, "day", ordered.patient_id), before)
    assert [event.data for event in events] == [{"report": str(report.pk), "status": "final"}]


@pytest.mark.django_db
def test_the_same_version_again_changes_nothing() -> None:
    ordered = order()
    templates(ordered.hospital)
    told = issued(ordered)

    for _ in range(3):
        file_report(order=ordered, issued=told)

    assert ReportVersion.objects.count() == 1
    assert Message.objects.filter(template=READY).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("arrivals", list(itertools.permutations(range(4))))
def test_whatever_the_order_of_arrival_the_newest_is_shown_and_told_once(
    arrivals: tuple[int, ...],
) -> None:
    ordered = order()
    templates(ordered.hospital)
    life = life_of(ordered)

    report = file_all(ordered, [life[number] for number in arrivals])

    about = Message.objects.filter(about_id=report.pk)
    assert newest(report).content == life[3].content
    assert about.filter(template=CORRECTED).count() == 1
    assert about.filter(template=CORRECTED, status=Message.Status.QUEUED).count() == 1
    assert not about.filter(template=READY, status=Message.Status.QUEUED).exists()
    assert about.filter(template=READY).count() <= 2


@pytest.mark.django_db
def test_a_preliminary_version_is_told_to_nobody() -> None:
    ordered = order()
    templates(ordered.hospital)

    file_report(order=ordered, issued=issued(ordered, status=Status.PRELIMINARY))

    assert not Message.objects.filter(template__in=ALL_TEMPLATES).exists()


@pytest.mark.django_db
def test_a_withdrawn_report_takes_back_what_was_still_to_be_told() -> None:
    ordered = order()
    templates(ordered.hospital)
    report = file_report(order=ordered, issued=issued(ordered))
    clock.shift(timedelta(minutes=1))

    file_report(order=ordered, issued=issued(ordered, status=Status.WITHDRAWN, at=clock.now()))

    assert newest(report).status == Status.WITHDRAWN
    assert Message.objects.get(template=READY).status == Message.Status.WITHDRAWN
    assert Message.objects.get(template=WITHDRAWN).status == Message.Status.QUEUED


@pytest.mark.django_db
def test_a_version_that_comes_too_late_is_kept_in_silence() -> None:
    ordered = order()
    templates(ordered.hospital)
    file_report(order=ordered, issued=issued(ordered, status=Status.CORRECTED))

    older = issued(ordered, at=clock.now() - timedelta(hours=2), value="1.1")
    report = file_report(order=ordered, issued=older)

    assert newest(report).status == Status.CORRECTED
    assert report.versions.count() == 2
    assert not Message.objects.filter(template=READY).exists()


@pytest.mark.django_db
def test_a_number_that_belongs_to_another_patient_is_refused() -> None:
    mine = order()
    told = issued(mine)
    file_report(order=mine, issued=told)
    theirs = order(hospital=mine.hospital)

    with pytest.raises(ReportDiffers):
        file_report(order=theirs, issued=told)

    assert ReportVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_name_that_does_not_fit_is_refused_whole() -> None:
    ordered = order()
    told = Issued(
        filler_number="L-1",
        code=ordered.code,
        name="长" * 201,
        status=Status.FINAL,
        issued_at=clock.now(),
    )

    with pytest.raises(ValueTooLong):
        file_report(order=ordered, issued=told)

    assert not Report.objects.exists()


def by_arrival(report: Report) -> ReportVersion:
    """The planted bug: whoever came last counts."""
    return ReportVersion.objects.filter(report=report).order_by("-received_at", "-id")[0]


VERSIONS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(sorted(Status.values)), st.integers(0, 2)),
    min_size=1,
    max_size=6,
)


class AnyOrder(TestCase):
    """Any versions, in any order, any of them twice (invariant 5)."""

    @given(versions=VERSIONS, again=st.randoms(use_true_random=False))
    def test_the_newest_is_shown(self, versions: list[tuple[int, str, int]], again: Random) -> None:
        ordered = order()
        start = clock.now()
        arrived = [
            issued(ordered, status=status, at=start + timedelta(minutes=minute), value=str(value))
            for minute, status, value in versions
        ]
        repeated = [*arrived, *arrived]
        again.shuffle(repeated)
        report = file_all(ordered, repeated)

        top = max((one.issued_at, ReportVersion.RANKS[one.status]) for one in arrived)
        shown = newest(report)
        assert (shown.issued_at, shown.rank) == top
        assert report.versions.count() == len({(v[0], v[1], v[2]) for v in versions})


@pytest.mark.django_db
def test_the_order_of_arrival_alone_would_show_the_wrong_version() -> None:
    ordered = order()
    life = life_of(ordered)
    report = file_all(ordered, [life[number] for number in (3, 1, 2, 0)])

    assert by_arrival(report).content != newest(report).content
