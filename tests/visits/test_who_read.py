"""谁看过我的病历: what the patient reads is the audit table, no more and no less (L14)."""

import ast
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Role
from common import clock
from patients.access import show_record, show_to_family
from patients.models import AccessLine, Patient, Relation
from tests import make
from tests.architecture.source import Source, sources
from tests.make import reading
from tests.rolled_back import RolledBackWorld
from visits.words import SHOWN

pytestmark = pytest.mark.django_db
API = "/api/v1/me/access-lines"


def every_line(client: APIClient) -> list[dict[str, object]]:
    """The whole list, page by page."""
    found: list[dict[str, object]] = []
    url = API
    while url:
        page = client.get(url).json()
        found += page["results"]
        url = page["next"]
    return found


@settings(max_examples=12)
@given(reads=st.lists(st.sampled_from(["doctor", "nurse", "family", "of another"]), max_size=45))
def test_each_read_leaves_one_line_and_the_patient_reads_exactly_those(reads: list[str]) -> None:
    with RolledBackWorld():
        account, number = make.account(), make.resident_id()
        patient = make.patient(account=account, document_number=number)
        other = make.patient(hospital=patient.hospital)
        daughter = make.account()
        relation = Relation.FAMILY
        make.patient(
            hospital=patient.hospital, account=daughter, document_number=number, relation=relation
        )
        doctor, nurse = reading.reader(patient), reading.reader(patient, role=Role.NURSE)
        before = AccessLine.objects.filter(patient=patient).count()
        said: dict[str, Any] = {"shown": "report", "reason": "open visit"}
        acts = {
            "doctor": lambda: show_record(staff=doctor, patients=[patient], **said),
            "nurse": lambda: show_record(staff=nurse, patients=[patient, other], **said),
            "family": lambda: show_to_family(
                account_id=daughter.pk, patients=[patient], shown="visits"
            ),
            "of another": lambda: show_record(staff=doctor, patients=[other], **said),
        }

        for who in reads:
            acts[who]()

        about_me = [who for who in reads if who != "of another"]
        table = AccessLine.objects.filter(patient=patient).order_by("-pk")
        shown = every_line(make.signed_in_client(account))
        assert len(shown) == before + len(about_me)
        assert [line["id"] for line in shown] == [str(line.pk) for line in table]


def read_by_doctor(patient: Patient) -> None:
    """A doctor with a department, whose name is 林静, reads a report."""
    doctor = make.staff(hospital=patient.hospital, name="林静")
    department = make.department(hospital=patient.hospital, name="心血管内科")
    known = make.doctor(department=department)
    known.staff = doctor
    known.save(update_fields=["staff"])
    show_record(staff=doctor, patients=[patient], shown="report", reason="open visit")


def test_department_role_what_and_why_are_shown_and_no_name() -> None:
    account = make.account()
    patient = make.patient(account=account)
    read_by_doctor(patient)

    client = make.signed_in_client(account)
    page = client.get(f"/m/{patient.hospital.code}/me/access/").content.decode()
    line = client.get(API).json()["results"][0]

    assert "心血管内科 医生" in page
    assert "看了检查检验报告：正在本科室就诊" in page
    assert "林静" not in page
    assert (line["who"], line["department"], line["shown_code"]) == ("医生", "心血管内科", "report")
    assert line["number"] in page


def test_family_and_strangers_see_nothing_of_who_read() -> None:
    daughter = make.account()
    patient = make.patient(account=daughter, relation=Relation.FAMILY)
    read_by_doctor(patient)

    for account in (daughter, make.account()):
        assert make.signed_in_client(account).get(API).json()["results"] == []
    assert APIClient().get(API).status_code == 401
    assert make.signed_in_client(make.staff()).get(API).status_code == 403


def test_twenty_a_page_in_a_fixed_number_of_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    account = make.account()
    patient = make.patient(account=account)
    for _ in range(25):
        show_record(staff=reading.reader(patient), patients=[patient], shown="stay", reason="ward")
        clock.shift(timedelta(minutes=1))
    client = make.signed_in_client(account)
    url = f"/m/{patient.hospital.code}/me/access/"

    with django_assert_max_num_queries(13):
        page = client.get(url).content.decode()
    older = client.get(url + "?before=" + page.split("?before=")[1].split('"')[0]).content.decode()

    assert page.count("看了住院信息") == 20
    assert older.count("看了住院信息") == 5


def said_in(source: Source, word: str) -> list[str]:
    """The literal texts that calls in a file give for `shown` or `reason`."""
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    given = [key.value for call in calls for key in call.keywords if key.arg == word]
    showing = [value for value in given if isinstance(value, ast.Constant)]
    return [value.value for value in showing if isinstance(value.value, str)]


def test_every_code_of_a_line_has_its_chinese() -> None:
    ours = [one for one in sources() if not one.is_test and "show_" in one.text]

    codes = {code for one in ours for code in said_in(one, "shown")}

    assert codes - set(SHOWN) == set()
    assert "stay" in codes
