"""Stays over HTTP: one success, one stranger, and the daily lists."""

from datetime import date

import pytest

from accounts.models import Account
from common.live import may_follow
from patients.models import AccessLine
from tests import make
from tests.make import inpatient as wards
from visits.asking import day_steps_from

pytestmark = pytest.mark.django_db


def test_a_patient_reads_the_stay_and_its_days() -> None:
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=1000)
    wards.daily_line(stay, amount_fen=300)
    client = make.signed_in_client(Account.objects.get(grant__patient=stay.patient))
    url = f"/api/v1/hospitals/{stay.hospital.code}/stays"

    listed = client.get(url).json()["results"]
    one = client.get(f"{url}/{stay.pk}").json()
    days = client.get(f"{url}/{stay.pk}/days").json()["results"]

    assert listed == [one]
    assert (one["status"], one["bed_number"]) == ("ADMITTED", 1)
    assert one["money"] == {
        "lines_fen": 300,
        "paid_fen": 1000,
        "left_fen": 700,
        "due_fen": 0,
        "returned_fen": 0,
    }
    assert [(d["on"], d["total_fen"], len(d["lines"])) for d in days] == [("2026-03-02", 300, 1)]


@pytest.mark.parametrize("tail", ["", "/days"])
def test_a_stranger_finds_no_stay(tail: str) -> None:
    stay = wards.admission()
    client = make.signed_in_client(make.account())
    url = f"/api/v1/hospitals/{stay.hospital.code}/stays"

    answer = client.get(f"{url}/{stay.pk}{tail}")

    assert (answer.status_code, answer.json()["code"]) == (404, "inpatient.admission_unknown")
    assert client.get(url).json()["results"] == []
    assert not AccessLine.objects.filter(shown="stay", staff=None).exists()


def test_staff_do_not_read_as_patients_do() -> None:
    stay = wards.admission()
    client = make.signed_in_client(wards.nurse(hospital=stay.hospital))

    assert client.get(f"/api/v1/hospitals/{stay.hospital.code}/stays").status_code == 403


def test_nurses_of_the_house_alone_follow_a_ward() -> None:
    stay = wards.admission()
    follows = may_follow.ask("ward")

    assert follows(wards.nurse(hospital=stay.hospital).account_id, stay.ward_stream)
    assert not follows(wards.nurse(hospital=make.hospital()).account_id, stay.ward_stream)
    assert not follows(make.account().pk, stay.ward_stream)


def test_the_day_has_the_stay_as_a_step() -> None:
    stay = wards.admission()

    answers = day_steps_from.ask(stay.patient, date(2026, 3, 3))
    steps = [step for answer in answers for step in answer]

    assert [(s.title, s.place, s.state) for s in steps] == [("住院", "心内科病区 1床", "now")]
