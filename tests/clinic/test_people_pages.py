"""The administrator's pages about staff."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Role, Staff, StaffChange
from clinic.models import Assignment, Doctor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Staff:
    """The hospital's only one."""
    return make.staff(role=Role.ADMINISTRATOR)


@pytest.fixture
def client_of_admin(admin: Staff) -> APIClient:
    """With the second factor shown."""
    return make.signed_in_client(admin)


def people_of(admin: Staff, staff: Staff | None = None) -> str:
    """The list, or somebody's page."""
    home = f"/staff/{admin.hospital.code}/people/"
    return f"{home}{staff.pk}/" if staff else home


def keyed(**said: object) -> dict[str, object]:
    """What a form sends once."""
    return {"idempotency_key": str(uuid4()), **said}


def test_who_is_hired_gets_a_password_once_a_department_and_their_place_in_the_directory(
    admin: Staff, client_of_admin: APIClient
) -> None:
    where = make.department(hospital=admin.hospital)
    doctor = make.doctor(department=where)
    said = keyed(number=doctor.number, name="赵明", role="doctor", department=str(where.pk))

    first = client_of_admin.post(f"{people_of(admin)}hire/", said)
    again = client_of_admin.post(f"{people_of(admin)}hire/", said)

    hired = Staff.objects.get(number=doctor.number)
    assert Doctor.objects.get().staff == hired
    assert Assignment.objects.get().staff == hired
    assert (first.context["password"], again.context["password"]) != ("", "")
    assert again.context["password"] == ""
    entry = {"username": hired.account.username, "password": first.context["password"]}
    led = Client().post("/staff/sign-in/", entry, follow=True)
    assert led.redirect_chain[-1][0].startswith("/staff/password/")


def test_an_administrator_does_everything_about_one_person(
    admin: Staff, client_of_admin: APIClient
) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    make.second_factor(nurse)
    other = make.staff(hospital=admin.hospital, role=Role.TRIAGE)
    ward = make.department(hospital=admin.hospital)
    where = {"assign-department": str(ward.pk), "assign-last_day": ""}
    instead = {
        "stand_in-department": str(ward.pk),
        "stand_in-for_number": other.number,
        "stand_in-last_day": "2026-03-05",
    }
    page = people_of(admin, nurse)

    for said in (
        keyed(act="assign", **where),
        keyed(act="role", role="triage"),
        keyed(act="stand_in", **instead),
        keyed(act="factor"),
        keyed(act="reset"),
        keyed(act="end"),
        keyed(act="return"),
    ):
        assert client_of_admin.post(page, said).status_code in {200, 302}

    whats = StaffChange.objects.filter(staff=nurse).order_by("at", "pk")
    assert [line.what for line in whats] == [
        "assigned",
        "role",
        "assigned",
        "factor_removed",
        "password",
        "ended",
        "returned",
    ]
    assert client_of_admin.get(page).status_code == 200


def test_a_refusal_is_told_in_words_and_changes_nothing(
    admin: Staff, client_of_admin: APIClient
) -> None:
    answer = client_of_admin.post(people_of(admin, admin), keyed(act="end"), follow=True)

    assert "最后一位系统管理员" in answer.content.decode()
    assert not StaffChange.objects.exists()


def test_the_list_shows_fifty_a_page_in_few_statements(
    admin: Staff, client_of_admin: APIClient
) -> None:
    for number in range(55):
        where = make.department(hospital=admin.hospital) if number == 0 else None
        one = make.staff(hospital=admin.hospital, role=Role.NURSE)
        if where is not None:
            Assignment.objects.create(
                hospital=admin.hospital, staff=one, department=where, since=one.account.made_at
            )

    with CaptureQueriesContext(connection) as asked:
        first = client_of_admin.get(people_of(admin))
    second = client_of_admin.get(people_of(admin), {"page": "2"})

    assert first.content.decode().count('class="row"') == 50
    assert second.content.decode().count('class="row"') == 6
    assert len(asked) <= 10


def test_the_pages_are_the_administrators_alone_and_strong(admin: Staff) -> None:
    manager = make.signed_in_client(make.staff(hospital=admin.hospital, role=Role.MANAGER))
    elsewhere = make.signed_in_client(make.staff(role=Role.ADMINISTRATOR))
    unproved = make.signed_in_client(admin, is_proved=False)

    assert manager.get(people_of(admin)).status_code == 403
    assert elsewhere.get(people_of(admin)).status_code == 404
    assert unproved.get(people_of(admin)).status_code == 200
    assert unproved.get(people_of(admin, admin)).status_code == 302


def test_somebody_of_another_hospital_is_not_found(
    admin: Staff, client_of_admin: APIClient
) -> None:
    stranger = make.staff()

    assert client_of_admin.get(people_of(admin, stranger)).status_code == 404
