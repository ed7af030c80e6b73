"""Caps hold over charts that wait for a merge review, or were joined."""

from functools import partial
from threading import Thread

import pytest
from django.db import OperationalError, connection, connections

from booking.errors import AlreadyBooked, TooManyVisits
from booking.models import Appointment, Slot
from common.commands import command
from common.locking import without_guard
from patients.actions.decide_review import keep_apart
from patients.actions.open_review import open_merge_review
from patients.models import MergeReason, MergeReview, Patient
from patients.people import lock_person_of
from tests import make
from tests.threads import race

TRIES = 20


def two_charts() -> tuple[Patient, Patient]:
    """Two patients of one hospital."""
    first = make.patient()
    return first, make.patient(hospital=first.hospital)


def under_review(charts: tuple[Patient, Patient]) -> MergeReview:
    """The two wait for the records office."""
    return open_merge_review(first=charts[0], second=charts[1], reason=MergeReason.DOCUMENT)


@pytest.mark.django_db
def test_charts_under_review_count_together_until_they_are_kept_apart() -> None:
    charts = two_charts()
    hospital = charts[0].hospital
    slots = [make.slot(hospital=hospital, places=2) for _ in range(3)]
    review = under_review(charts)
    make.appointment(slot=slots[0], patient=charts[0])
    make.appointment(slot=slots[1], patient=charts[1])

    with pytest.raises(AlreadyBooked):
        make.appointment(slot=slots[0], patient=charts[1])
    with pytest.raises(TooManyVisits):
        make.appointment(slot=slots[2], patient=charts[1])
    keep_apart(
        review_id=review.pk,
        staff=make.staff(hospital=hospital, role="records_office"),
        because="否",
    )
    make.appointment(slot=slots[2], patient=charts[1])

    assert Appointment.objects.count() == 3


def booked_through_both(charts: tuple[Patient, Patient], slots: list[Slot]) -> int:
    """How many of six attempts, three through each chart, get a place."""
    attempts = [
        partial(make.appointment, slot=slot, patient=chart)
        for slot, chart in zip(slots, charts * 3, strict=True)
    ]
    return sum(isinstance(result, Appointment) for result in race(attempts))


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_charts_at_once_cannot_pass_the_cap() -> None:
    charts = two_charts()
    slots = [make.slot(hospital=charts[0].hospital) for _ in range(6)]
    under_review(charts)

    assert booked_through_both(charts, slots) == 2


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_without_the_groups_lock_two_charts_pass_the_cap() -> None:
    def goes_wrong() -> bool:
        charts = two_charts()
        slots = [make.slot(hospital=charts[0].hospital) for _ in range(6)]
        under_review(charts)
        with without_guard("locks"):
            return booked_through_both(charts, slots) > 2

    assert any(goes_wrong() for _ in range(TRIES))


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_nobody_books_through_either_chart_while_a_review_is_opened() -> None:
    charts = two_charts()
    troubles: list[str] = []

    def book(chart: Patient) -> None:
        try:
            with command(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                lock_person_of(chart)
        except OperationalError as trouble:
            troubles.append(type(trouble).__name__)
        connections.close_all()

    with command():
        under_review(charts)
        for chart in charts:
            thread = Thread(target=book, args=(chart,))
            thread.start()
            thread.join()

    assert troubles == ["OperationalError"] * 2
