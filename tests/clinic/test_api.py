"""The directory over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from clinic.models import Department, Doctor
from clinic.words import forget_bookable
from common import clock
from common.ids import new_id
from hospitals.actions.decide import decide_policy
from hospitals.models import Hospital
from tests import make

pytestmark = pytest.mark.django_db
HOSPITALS = "/api/v1/hospitals"


def got(path: str) -> Any:
    """What a visitor is answered."""
    answer = APIClient().get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refusal(path: str) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = APIClient().get(path)
    return answer.status_code, answer.json()["code"]


def departments(hospital: Hospital, *positions: int) -> list[Department]:
    """Departments at these positions of the list."""
    made = [make.department(hospital=hospital) for _ in positions]
    for department, position in zip(made, positions, strict=True):
        department.position = position
        department.save(update_fields=["position"])
    return made


def test_a_visitor_sees_every_hospital_by_code() -> None:
    make.hospital(code="west", name="西院")
    make.hospital(code="east", name="东院", grade="二级甲等", phone="010-1")

    page = got(HOSPITALS)

    assert [one["code"] for one in page["results"]] == ["east", "west"]
    assert page["results"][0] == {
        "code": "east",
        "name": "东院",
        "grade": "二级甲等",
        "address": "",
        "phone": "010-1",
    }


def test_hospitals_come_in_pages_of_twenty() -> None:
    for number in range(23):
        make.hospital(code=f"p{number:02d}")

    first = got(HOSPITALS)
    second = got(first["next"])

    shown = [one["code"] for one in first["results"] + second["results"]]
    assert shown == [f"p{number:02d}" for number in range(23)]
    assert second["next"] is None


def test_one_hospital_is_shown_and_an_unknown_one_is_not() -> None:
    make.hospital(code="one", name="第一医院")

    assert got(f"{HOSPITALS}/one")["name"] == "第一医院"
    assert refusal(f"{HOSPITALS}/two") == (404, "hospitals.unknown")


def test_departments_that_can_be_booked_come_first_and_then_by_position() -> None:
    hospital = make.hospital()
    third, first, second = departments(hospital, 30, 10, 20)
    make.session(department=third)

    shown = got(f"{HOSPITALS}/{hospital.code}/departments")["results"]

    assert [one["id"] for one in shown] == [str(one.pk) for one in (third, first, second)]
    assert [one["is_bookable"] for one in shown] == [True, False, False]
    assert shown[0]["category"] == "内科"


def test_departments_that_can_be_booked_can_be_had_alone() -> None:
    hospital = make.hospital()
    _, booked = departments(hospital, 1, 2)
    make.session(department=booked)

    shown = got(f"{HOSPITALS}/{hospital.code}/departments?bookable=1")["results"]

    assert [one["id"] for one in shown] == [str(booked.pk)]


@pytest.mark.parametrize("days", [-1, 15])
def test_a_session_outside_the_horizon_makes_no_department_bookable(days: int) -> None:
    hospital = make.hospital()
    (department,) = departments(hospital, 1)
    make.session(department=department, on=clock.today() + timedelta(days=days))

    assert got(f"{HOSPITALS}/{hospital.code}/departments?bookable=1")["results"] == []


def test_every_department_is_on_one_page_or_the_next() -> None:
    hospital = make.hospital()
    made = departments(hospital, *([5] * 45))
    make.session(department=made[40])

    pages, at = [], f"{HOSPITALS}/{hospital.code}/departments"
    while at:
        page = got(at)
        pages.append([one["id"] for one in page["results"]])
        at = page["next"]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert pages[0][0] == str(made[40].pk)
    assert {one for page in pages for one in page} == {str(one.pk) for one in made}


def test_a_department_of_another_hospital_does_not_exist() -> None:
    hospital, other = make.hospital(), make.hospital()
    (department,) = departments(other, 1)

    assert got(f"{HOSPITALS}/{other.code}/departments/{department.pk}")["name"] == "心血管内科"
    path = f"{HOSPITALS}/{hospital.code}/departments"
    assert refusal(f"{path}/{department.pk}") == (404, "clinic.department_unknown")
    assert refusal(f"{path}/{new_id()}") == (404, "clinic.department_unknown")
    assert got(path)["results"] == []


def test_doctors_are_shown_by_number_and_can_be_asked_for_by_department() -> None:
    hospital = make.hospital()
    one, other = departments(hospital, 1, 2)
    mine, theirs = make.doctor(department=one), make.doctor(department=other)
    Doctor.objects.filter(pk=mine.pk).update(number="2")
    Doctor.objects.filter(pk=theirs.pk).update(number="1")
    path = f"{HOSPITALS}/{hospital.code}/doctors"

    everybody = got(path)["results"]
    of_one = got(f"{path}?department={one.pk}")["results"]

    assert [doctor["id"] for doctor in everybody] == [str(theirs.pk), str(mine.pk)]
    assert of_one == [
        {
            "id": str(mine.pk),
            "name": "赵明",
            "title": "主任医师",
            "department_id": str(one.pk),
            "department_name": "心血管内科",
        }
    ]


def test_a_hospital_that_hides_its_doctors_names_shows_titles_alone() -> None:
    hospital = make.hospital()
    make.doctor(department=departments(hospital, 1)[0])
    decide_policy(hospital=hospital, effective_on=clock.today(), show_doctor_name=False)

    (shown,) = got(f"{HOSPITALS}/{hospital.code}/doctors")["results"]

    assert (shown["name"], shown["title"]) == ("", "主任医师")


@pytest.mark.parametrize(
    "asked",
    ["departments?bookable=yes", "departments?sort=name", "doctors?department=7", "doctors?x=1"],
)
def test_what_cannot_be_asked_is_refused(asked: str) -> None:
    hospital = make.hospital()

    assert refusal(f"{HOSPITALS}/{hospital.code}/{asked}") == (422, "http.invalid")


@pytest.mark.parametrize(
    ("path", "cold", "warm"),
    [("", 1, 0), ("/departments", 4, 1), ("/doctors", 3, 1)],
)
def test_a_list_takes_as_many_statements_however_long_it_is(
    path: str, cold: int, warm: int
) -> None:
    hospital = make.hospital()
    for department in departments(hospital, *range(12)):
        make.doctor(department=department)

    with CaptureQueriesContext(
        connection,
    ) as first:
        got(f"{HOSPITALS}/{hospital.code}{path}")
    with CaptureQueriesContext(connection) as again:
        got(f"{HOSPITALS}/{hospital.code}{path}")

    assert (len(first), len(again)) == (cold, warm)


def test_what_can_be_booked_is_remembered_and_then_asked_again() -> None:
    hospital = make.hospital()
    (department,) = departments(hospital, 1)
    path = f"{HOSPITALS}/{hospital.code}/departments/{department.pk}"
    before = got(path)["is_bookable"]
    make.session(department=department)

    remembered = got(path)["is_bookable"]
    forget_bookable()

    assert (before, remembered, got(path)["is_bookable"]) == (False, False, True)
