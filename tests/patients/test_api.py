"""The API of patients: success, problem, stranger."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from hospitals.models import Hospital
from patients.models import Grant, Patient, Relation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Hospital:
    """Where they register."""
    return make.hospital(code="demo")


def stated(**changes: object) -> dict[str, object]:
    """A registration that works."""
    return {
        "name": "㛃晓雯",
        "document_type": "resident_id",
        "document_number": "11010519491231002x",
        "phone": "138 0013 8000",
        "relation": "self",
        **changes,
    }


def test_a_registration_is_answered_with_masked_numbers(hospital: Hospital) -> None:
    client = make.signed_in_client(make.account())

    response = client.post(
        "/api/v1/hospitals/demo/patients", stated(), format="json", headers=make.keyed()
    )

    patient = Patient.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": str(patient.pk),
        "number": patient.number,
        "name": "㛃晓雯",
        "document_type": "resident_id",
        "document_number": "110***********002X",
        "is_verified": False,
        "phone": "138****8000",
        "born_on": "1949-12-31",
        "sex": "2",
    }
    assert client.get(f"/api/v1/hospitals/demo/patients/{patient.pk}").json() == response.json()


def test_a_repeated_registration_has_one_effect_and_one_answer(hospital: Hospital) -> None:
    client = make.signed_in_client(make.account())
    address, headers = "/api/v1/hospitals/demo/patients", make.keyed()

    first = client.post(address, stated(), format="json", headers=headers)
    again = client.post(address, stated(), format="json", headers=headers)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Grant.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_number": "110105194912310021"}, "patients.document_check"),
        ({"document_number": "110105491231002"}, "patients.document_outdated"),
        ({"name": "王😀"}, "patients.name_invalid"),
        ({"phone": "12345"}, "patients.phone_invalid"),
        ({"relation": "friend"}, "http.invalid"),
        ({"document_type": "driving_licence"}, "http.invalid"),
        ({"document_type": "passport"}, "patients.document_malformed"),
        ({"document_number": 110105194912310021}, "http.invalid"),
        ({"surprise": 1}, "http.invalid"),
    ],
)
def test_each_fault_is_a_problem_with_its_code(
    hospital: Hospital, changes: dict[str, object], code: str
) -> None:
    client = make.signed_in_client(make.account())

    response = client.post(
        "/api/v1/hospitals/demo/patients",
        stated(**changes),
        format="json",
        headers=make.keyed(),
    )

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert "110105" not in response.content.decode()
    assert not Patient.objects.exists()


def test_a_person_held_by_another_account_is_a_conflict_without_their_data(
    hospital: Hospital,
) -> None:
    held = make.patient(hospital=hospital, name="㛃晓雯", document_number="11010519491231002X")

    response = make.signed_in_client(make.account()).post(
        "/api/v1/hospitals/demo/patients", stated(), format="json", headers=make.keyed()
    )

    assert (response.status_code, response.json()["code"]) == (409, "patients.held_by_another")
    assert set(response.json()) == {"type", "title", "status", "code"}
    assert held.number not in response.content.decode()


def test_a_strangers_id_is_not_found_and_reads_as_one_that_never_was(hospital: Hospital) -> None:
    patient = make.patient(hospital=hospital)
    stranger = make.signed_in_client(make.account())
    nobody = uuid4()

    theirs = stranger.get(f"/api/v1/hospitals/demo/patients/{patient.pk}")
    never = stranger.get(f"/api/v1/hospitals/demo/patients/{nobody}")

    assert theirs.status_code == never.status_code == 404
    assert theirs.content.replace(str(patient.pk).encode(), b"") == never.content.replace(
        str(nobody).encode(), b""
    )


def test_ones_own_patient_is_not_found_under_another_hospital(hospital: Hospital) -> None:
    account = make.account()
    elsewhere = make.patient(account=account)

    response = make.signed_in_client(account).get(f"/api/v1/hospitals/demo/patients/{elsewhere.pk}")

    assert response.status_code == 404


def test_visitors_and_staff_do_not_register(hospital: Hospital) -> None:
    address = "/api/v1/hospitals/demo/patients"
    staff = make.signed_in_client(make.staff(hospital=hospital))

    assert APIClient().post(address, stated(), format="json").status_code == 401
    assert staff.post(address, stated(), format="json", headers=make.keyed()).status_code == 403


def test_a_hospital_that_is_not_there_is_not_found() -> None:
    response = make.signed_in_client(make.account()).post(
        "/api/v1/hospitals/nowhere/patients", stated(), format="json", headers=make.keyed()
    )

    assert (response.status_code, response.json()["code"]) == (404, "hospitals.unknown")


def test_ones_people_are_listed_across_hospitals_and_nobody_elses() -> None:
    account = make.account()
    here = make.patient(account=account)
    there = make.patient(account=account, relation=Relation.FAMILY)
    make.patient(hospital=here.hospital)

    results = make.signed_in_client(account).get("/api/v1/me/patients").json()["results"]

    assert [(row["hospital"], row["patient"]["id"], row["scopes"]) for row in results] == [
        (there.hospital.code, str(there.pk), ["book", "pay", "queue"]),
        (here.hospital.code, str(here.pk), Grant.objects.get(patient=here).scopes),
    ]


def test_a_longer_list_takes_no_more_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = make.account()
    for _ in range(5):
        make.patient(account=account)
    client = make.signed_in_client(account)
    client.get("/api/v1/me/patients")

    with django_assert_num_queries(
        3
    ):  # the token with its account and staff, the rows, who is oneself
        client.get("/api/v1/me/patients")


def test_who_guesses_documents_is_stopped(hospital: Hospital) -> None:
    client = make.signed_in_client(make.account())
    sent = stated(document_number="110105194912310021")

    statuses = [
        client.post(
            "/api/v1/hospitals/demo/patients", sent, format="json", headers=make.keyed()
        ).status_code
        for _ in range(21)
    ]

    assert statuses == [422] * 20 + [429]
