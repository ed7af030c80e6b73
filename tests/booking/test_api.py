"""Booking over HTTP: one success, one problem, one stranger for each address."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Account
from booking.availability import forget_snapshots
from booking.models import Appointment, Slot
from common.models import IdempotencyKey
from patients.models import Patient
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_snapshots() -> Iterator[None]:
    forget_snapshots()
    yield
    forget_snapshots()


class Caller:
    """Somebody with a patient of their own, in the slot's hospital."""

    def __init__(self, slot: Slot) -> None:
        self.account: Account = make.account()
        self.slot = slot
        self.patient: Patient = make.patient(hospital=slot.hospital, account=self.account)
        self.client: APIClient = make.signed_in_client(self.account)
        self.root = f"/api/v1/hospitals/{slot.hospital.code}"

    def book(self, key: str = "", **changes: Any) -> Any:
        data = {"slot_id": str(self.slot.pk), "patient_id": str(self.patient.pk)} | changes
        return self.client.post(
            f"{self.root}/appointments", data, format="json", headers=make.keyed(key)
        )

    def cancel(self, appointment_id: str) -> Any:
        url = f"{self.root}/appointments/{appointment_id}/cancel"
        return self.client.post(url, {}, format="json", headers=make.keyed())


@pytest.fixture
def caller() -> Caller:
    return Caller(make.slot(places=2))


def test_a_patient_books_and_reads_it_back(caller: Caller) -> None:
    made = caller.book()

    assert made.status_code == 201
    read = caller.client.get(f"{caller.root}/appointments/{made.json()['id']}")
    assert read.json() == made.json()
    assert read.json()["status"] == "held"
    listed = caller.client.get(f"{caller.root}/appointments").json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]


def test_the_same_tap_twice_is_one_visit_and_one_answer(caller: Caller) -> None:
    first, second = caller.book("tap"), caller.book("tap")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Appointment.objects.count() == 1


def test_a_repeat_shows_the_object_as_it_is_now(caller: Caller) -> None:
    first = caller.book("tap")
    caller.cancel(first.json()["id"])

    again = caller.book("tap")

    assert (again.status_code, again.json()["status"]) == (201, "cancelled")


def test_a_full_slot_is_a_conflict_with_a_code(caller: Caller) -> None:
    for _ in range(2):
        other = Caller(caller.slot)
        assert other.book().status_code == 201

    refused = caller.book()

    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "booking.slot_full"


def test_somebody_elses_patient_is_not_found(caller: Caller) -> None:
    stranger = Caller(caller.slot)

    refused = caller.book(patient_id=str(stranger.patient.pk))

    assert (refused.status_code, refused.json()["code"]) == (404, "patients.unknown")
    assert not Appointment.objects.exists()


def test_somebody_elses_appointment_is_not_found(caller: Caller) -> None:
    theirs = Caller(caller.slot).book().json()["id"]

    read = caller.client.get(f"{caller.root}/appointments/{theirs}")
    cancelled = caller.cancel(theirs)

    assert (read.status_code, cancelled.status_code) == (404, 404)
    assert Appointment.objects.get(pk=theirs).status == Appointment.Status.HELD


def test_a_visitor_is_asked_to_sign_in(caller: Caller) -> None:
    answer = APIClient().post(f"{caller.root}/appointments", {}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (401, "http.sign_in")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slot_id": 5}, "slot_id"),
        ({"slot_id": None}, "slot_id"),
        ({"slot_id": "not-a-key"}, "slot_id"),
        ({"surprise": 1}, "surprise"),
        ({"patient_id": []}, "patient_id"),
        ({"patient_id": "𬱖"}, "patient_id"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(
    caller: Caller, changes: dict[str, Any], field: str
) -> None:
    refused = caller.book(**changes)

    assert (refused.status_code, refused.json()["code"]) == (422, "http.invalid")
    assert list(refused.json()["fields"]) == [field]
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'"x"', b'{"a": "\\ud800"}'],
)
def test_what_is_no_json_object_is_malformed(caller: Caller, body: bytes) -> None:
    refused = caller.client.post(
        f"{caller.root}/appointments",
        body,
        content_type="application/json",
        headers=make.keyed(),
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "http.malformed")


def test_ten_megabytes_are_refused_before_they_are_read(caller: Caller) -> None:
    refused = caller.client.post(
        f"{caller.root}/appointments",
        b"x" * 10_000_000,
        content_type="application/json",
        headers=make.keyed(),
    )

    assert (refused.status_code, refused.json()["code"]) == (413, "common.too_large")


def test_a_booking_over_http_takes_nine_statements(caller: Caller) -> None:
    assert Caller(caller.slot).book().status_code == 201  # hospital, keys, policy are known now

    with CaptureQueriesContext(connection) as seen:
        assert caller.book().status_code == 201

    remembered = ("SAVEPOINT", "policyversion")  # the policy is read again each second
    statements = [q["sql"] for q in seen if not any(word in q["sql"] for word in remembered)]
    # token, grant, key, person, slot, limits, claim, writes, the answer's row
    assert len(statements) == (9 if connection.vendor == "postgresql" else 11), statements


def test_a_day_lists_free_places_in_one_statement(caller: Caller) -> None:
    session = caller.slot.session
    url = f"{caller.root}/departments/{session.department_id}/availability?on={session.on}"
    APIClient().get(url)
    forget_snapshots()

    with CaptureQueriesContext(connection) as seen:
        answer = APIClient().get(url)

    assert len(seen) == 1
    (shown,) = answer.json()["sessions"]
    assert shown["slots"][0]["free"] == {"online": 2}
    same = APIClient().get(url, headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304


def test_a_day_that_is_no_date_is_refused(caller: Caller) -> None:
    url = f"{caller.root}/departments/{uuid4()}/availability?on=tomorrow"

    refused = APIClient().get(url)

    assert (refused.status_code, refused.json()["code"]) == (422, "http.invalid")


def test_a_department_of_nowhere_has_an_empty_day(caller: Caller) -> None:
    url = f"{caller.root}/departments/{UUID(int=1)}/availability?on=2026-03-05"

    assert APIClient().get(url).json() == {"on": "2026-03-05", "sessions": []}
