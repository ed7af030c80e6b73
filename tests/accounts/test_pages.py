"""The doors that people see."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from accounts.actions.ticket import make_ticket
from accounts.entrance import safe_next
from accounts.models import OneTimeTicket, Role, Staff
from accounts.rules import by_staff
from common import clock
from common.pages import page
from tests import make
from tests.make.accounts import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/staff/sign-in/"


@page(by_staff(Role.DOCTOR))
def clinic_page(_request: HttpRequest, code: str) -> HttpResponse:
    """A page for doctors."""
    return HttpResponse(code)


urlpatterns = [
    path("staff/<slug:code>/clinic/", clinic_page),
    path("", include("config.urls")),
]


def sign_in(client: Client, staff: Staff, *, password: str = PASSWORD, onward: str = "") -> object:
    """The answer to the sign-in form."""
    said = {"username": staff.account.username, "password": password, "next": onward}
    return client.post(SIGN_IN, said)


def web_ticket() -> str:
    """A ticket of a fresh account."""
    return make_ticket(account=make.account(), use=OneTimeTicket.Use.WEB).ticket


def test_the_first_page_shows_a_newcomer_both_doors(client: Client) -> None:
    text = client.get("/").content.decode()

    assert 'href="/m/"' in text
    assert 'href="/staff/sign-in/"' in text
    assert "演示" not in text


def test_a_demonstration_shows_its_logins_and_its_phone(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    login = {"who": "医生", "username": "doctor", "password": "pw-1", "page": "/staff/demo/"}
    told = {"logins": [login], "phone_url": "http://127.0.0.1:8790/phone/enter?key=k"}
    (tmp_path / "demonstration.json").write_text(json.dumps(told), encoding="utf-8")
    settings.DEMONSTRATION_FILE = str(tmp_path / "demonstration.json")
    settings.WECHAT_API_URL = "http://127.0.0.1:8791"

    text = client.get("/").content.decode()

    assert "pw-1" in text
    assert "http://127.0.0.1:8791/phone/enter?key=k" in text


def test_a_ticket_becomes_a_session_and_leads_on(client: Client) -> None:
    response = client.get("/m/enter", {"ticket": web_ticket(), "next": "/m/demo/me/?tab=1"})

    assert (response.status_code, response.headers["Location"]) == (302, "/m/demo/me/?tab=1")
    assert "_auth_user_id" in client.session


def test_a_session_gets_a_new_key_when_somebody_enters(client: Client) -> None:
    client.get("/m/enter", {"ticket": web_ticket()})
    before = client.session.session_key

    client.get("/m/enter", {"ticket": web_ticket()})

    assert client.session.session_key != before


def test_a_spent_ticket_opens_nothing_for_somebody_else(client: Client) -> None:
    ticket = web_ticket()
    client.get("/m/enter", {"ticket": ticket})

    response = Client().get("/m/enter", {"ticket": ticket})

    assert response.status_code == 401
    assert "入口已经失效" in response.content.decode()


def test_who_is_in_already_and_reloads_the_entrance_goes_on(client: Client) -> None:
    ticket = web_ticket()
    client.get("/m/enter", {"ticket": ticket})

    assert client.get("/m/enter", {"ticket": ticket, "next": "/m/x/"}).status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/m/",
        "//evil.example/m/",
        "/staff/demo/",
        "/m/../staff/demo/",
        "/m/%2e%2E/staff/",
        "/m//evil.example",
        "/m\\evil",
        "/m/\nX: y",
        "",
    ],
)
def test_nobody_is_led_out_of_the_phones_pages(asked: str) -> None:
    assert safe_next(asked, under="/m/", default="/m/") == "/m/"


def test_staff_sign_in_and_stand_in_their_hospital(client: Client) -> None:
    doctor = make.staff()

    response = client.post(SIGN_IN, {"username": doctor.account.username, "password": PASSWORD})

    assert response.status_code == 302
    text = client.get(response.headers["Location"]).content.decode()
    assert doctor.hospital.name in text
    assert "林静" in text


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client) -> None:
    name = make.staff().account.username

    wrong = client.post(SIGN_IN, {"username": name, "password": "x"})
    unknown = client.post(SIGN_IN, {"username": "nobody", "password": "x"})

    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不对" in wrong.content.decode()
    assert "账号或密码不对" in unknown.content.decode()


def test_a_locked_name_is_told_until_when(client: Client) -> None:
    doctor = make.staff()
    for _ in range(5):
        sign_in(client, doctor, password="x")  # noqa: S106 - wrong on purpose

    response = client.post(SIGN_IN, {"username": doctor.account.username, "password": PASSWORD})

    until = clock.local(clock.now() + timedelta(minutes=15))
    assert f"{until:%H:%M} 以后再试" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_signing_in_staff_go_where_they_wanted_within_the_staffs_pages(
    client: Client,
) -> None:
    doctor = make.staff()
    said = {"username": doctor.account.username, "password": PASSWORD}

    inside = client.post(SIGN_IN, {**said, "next": "/staff/x/queue/"})
    outside = Client().post(SIGN_IN, {**said, "next": "https://evil.example/staff/"})

    assert inside.headers["Location"] == "/staff/x/queue/"
    assert outside.headers["Location"] == f"/staff/{doctor.hospital.code}/"


def test_signing_out_takes_a_form_and_ends_the_session(client: Client) -> None:
    doctor = make.staff()
    client.force_login(doctor.account)
    home = f"/staff/{doctor.hospital.code}/"

    client.get("/staff/sign-out/")
    assert client.get(home).status_code == 200
    client.post("/staff/sign-out/")

    assert client.get(home).status_code == 302


def test_a_visitor_and_a_patient_are_led_to_the_sign_in(client: Client) -> None:
    home = f"/staff/{make.hospital().code}/"
    led = f"/staff/sign-in/?next={home.replace('/', '%2F')}"

    assert client.get(home).headers["Location"] == led
    client.force_login(make.account())
    assert client.get(home).headers["Location"] == led


@pytest.mark.urls("tests.accounts.test_pages")
def test_a_page_is_for_its_roles_in_its_hospital(client: Client) -> None:
    doctor = make.staff(role=Role.DOCTOR)
    nurse = make.staff(hospital=doctor.hospital, role=Role.NURSE)
    address = f"/staff/{doctor.hospital.code}/clinic/"

    client.force_login(doctor.account)
    assert client.get(address).status_code == 200
    assert client.get(f"/staff/{make.hospital().code}/clinic/").status_code == 404
    client.force_login(nurse.account)
    assert client.get(address).status_code == 403


def test_a_patients_session_is_no_door_for_staff_and_the_other_way_round(client: Client) -> None:
    client.force_login(make.staff().account)

    assert client.get("/m/").headers["Location"].startswith("/m/enter")
