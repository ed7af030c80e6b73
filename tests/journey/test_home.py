"""The phone's home page: the day in order, what comes next, what is due, and where to go."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Account
from common import clock
from hospitals.models import Hospital
from journey.pages import WAYS
from patients.granting import AT_ONCE
from patients.models import Grant, Patient, Relation, Scope
from queueing.actions.call import call_next
from results.actions.file import file_report
from tests import make
from tests.make import inpatient as stays
from tests.make import queueing as made
from tests.make import results

pytestmark = pytest.mark.django_db


class Phone:
    """Somebody's phone in a hospital."""

    def __init__(self, hospital: Hospital | None = None) -> None:
        self.hospital = hospital or make.hospital()
        self.account: Account = make.account()
        self.client: APIClient = make.signed_in_client(self.account)
        self.root = f"/m/{self.hospital.code}/"

    def person(self, name: str, relation: str = Relation.SELF) -> Patient:
        return make.patient(
            hospital=self.hospital, account=self.account, name=name, relation=relation
        )

    def home(self, query: str = "") -> str:
        answer = self.client.get(f"{self.root}{query}")
        assert answer.status_code == 200
        return str(answer.content.decode())


@pytest.fixture
def phone() -> Phone:
    return Phone()


def test_a_newcomer_is_told_to_register_a_person_first(phone: Phone) -> None:
    text = phone.home()

    assert "从这里开始" in text
    assert f'href="{phone.root}me/"' in text
    assert "的今天" not in text


def test_every_way_on_has_its_button(phone: Phone) -> None:
    text = phone.home()

    assert [label for label, _, there in WAYS if f'href="{phone.root}{there}"' not in text] == []


def test_a_day_without_anything_leads_to_booking(phone: Phone) -> None:
    phone.person("欧阳𬱖")

    text = phone.home()

    assert "欧阳𬱖 的今天" in text
    assert "今天没有就诊安排" in text


def test_what_was_done_stands_before_what_is_going_on(phone: Phone) -> None:
    patient = phone.person("欧阳𬱖")
    slot = made.clinic_today(hospital=phone.hospital)
    appointment = made.booked(slot, patient=patient, account=phone.account)
    made.arrived(slot, appointment=appointment)

    text = phone.home()

    department = slot.session.department.name
    assert text.index(f"{department} 签到") < text.index(f"{department} 候诊")
    assert "正在进行" in text


def test_the_next_appointment_is_named_also_where_it_is_days_away(phone: Phone) -> None:
    patient = phone.person("欧阳𬱖")
    slot = make.slot(hospital=phone.hospital)
    appointment = make.appointment(slot=slot, patient=patient, account=phone.account)

    text = phone.home()

    assert f'href="{phone.root}appointments/{appointment.pk}/"' in text
    assert "今天没有就诊安排" in text


def test_who_has_come_already_is_told_of_the_appointment_after(phone: Phone) -> None:
    patient = phone.person("欧阳𬱖")
    slot = made.clinic_today(hospital=phone.hospital)
    here = made.booked(slot, patient=patient, account=phone.account)
    made.arrived(slot, appointment=here)
    later = make.appointment(
        slot=make.slot(hospital=phone.hospital), patient=patient, account=phone.account
    )

    text = phone.home()

    assert f"appointments/{later.pk}/" in text
    assert f"appointments/{here.pk}/" not in text


def test_what_is_due_is_one_sum_of_everybody(phone: Phone) -> None:
    make.charge(patient=phone.person("王建国"), amount_fen=1250)
    make.charge(patient=phone.person("王小明", Relation.FAMILY), amount_fen=800)
    make.charge(patient=make.patient(hospital=phone.hospital), amount_fen=9900)

    assert "待缴费用 2 项，共 ¥20.50" in phone.home()


def test_whoever_has_an_appointment_today_is_shown_first(phone: Phone) -> None:
    phone.person("王建国")
    child = phone.person("王小明", Relation.FAMILY)
    made.booked(made.clinic_today(hospital=phone.hospital), patient=child, account=phone.account)

    assert "王小明 的今天" in phone.home()


def test_the_day_of_another_of_ones_people_can_be_chosen(phone: Phone) -> None:
    phone.person("王建国")
    child = phone.person("王小明", Relation.FAMILY)

    text = phone.home(f"?person={child.pk}")

    assert "王小明 的今天" in text
    assert f'data-live-stream="day:{child.pk}"' in text


@pytest.mark.parametrize("person", ["somebody", "00000000-0000-0000-0000-000000000000"])
def test_a_person_of_somebody_else_is_not_there(phone: Phone, person: str) -> None:
    phone.person("王建国")

    assert phone.client.get(f"{phone.root}?person={person}").status_code == 404
    stranger = make.patient(hospital=phone.hospital)
    assert phone.client.get(f"{phone.root}day/?person={stranger.pk}").status_code == 404


def test_another_hospitals_day_does_not_appear(phone: Phone) -> None:
    elsewhere = make.hospital(name="乙医院")
    make.patient(hospital=elsewhere, account=phone.account, name="欧阳𬱖")

    assert "从这里开始" in phone.home()


def test_what_happens_is_in_the_fragment_and_its_number_before(phone: Phone) -> None:
    patient = phone.person("欧阳𬱖")
    slot = made.clinic_today(hospital=phone.hospital)
    ticket = made.arrived(
        slot, appointment=made.booked(slot, patient=patient, account=phone.account)
    )
    before = phone.home()
    called = call_next(queue_id=ticket.queue_id, staff=made.doctor_of(slot))

    fragment = phone.client.get(f"{phone.root}day/?person={patient.pk}").content.decode()

    assert called is not None
    assert 'data-live-since="' in before
    assert ticket.label in fragment
    assert "<html" not in fragment


def test_a_visitor_is_led_to_the_entrance(phone: Phone) -> None:
    assert APIClient().get(phone.root)["Location"].startswith("/m/enter")
    assert phone.client.get("/m/nowhere/").status_code == 404


def test_the_home_page_takes_at_most_twenty_statements_for_any_family(
    phone: Phone, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    slot = made.clinic_today(hospital=phone.hospital)
    for name in ("王建国", "王小明", "王小红"):
        relation = Relation.SELF if name == "王建国" else Relation.FAMILY
        patient = phone.person(name, relation)
        made.arrived(slot, appointment=made.booked(slot, patient=patient, account=phone.account))
        make.charge(patient=patient)

    with django_assert_max_num_queries(20):  # five for the access log, once a day
        phone.home()


def test_of_another_persons_day_the_family_sees_what_was_agreed_to(phone: Phone) -> None:
    child = phone.person("王小明", Relation.FAMILY)
    order = results.order(patient=child)
    file_report(order=order, issued=results.issued(order))
    stays.admission(
        ward=stays.ward(hospital=phone.hospital),
        patient=phone.person("王建国", Relation.FAMILY),
    )
    before = [step["title"] for day in my_day(phone)["days"] for step in day["steps"]]
    agreed = [*AT_ONCE[Relation.FAMILY], str(Scope.REPORTS), str(Scope.INPATIENT)]
    Grant.objects.filter(account=phone.account).update(scopes=agreed)

    after = [step["title"] for day in my_day(phone)["days"] for step in day["steps"]]

    assert before == []
    assert sorted(after) == ["住院", "血常规：已出报告"]


def my_day(phone: Phone) -> Any:
    return phone.client.get("/api/v1/me/day").json()


def test_the_day_over_http_reads_across_hospitals(phone: Phone) -> None:
    phone.person("欧阳𬱖")
    elsewhere = Phone(make.hospital(code="other"))
    patient = make.patient(hospital=elsewhere.hospital, account=phone.account, name="王建国")
    made.arrived(made.clinic_today(hospital=elsewhere.hospital))
    slot = made.clinic_today(hospital=elsewhere.hospital)
    made.arrived(slot, appointment=made.booked(slot, patient=patient, account=phone.account))

    answer = my_day(phone)

    assert answer["on"] == "2026-03-02"
    assert [day["hospital"] for day in answer["days"]] == [phone.hospital.code, "other"]
    assert [len(day["steps"]) for day in answer["days"]] == [0, 2]
    assert {step["state"] for step in answer["days"][1]["steps"]} == {"done", "now"}


def test_yesterdays_steps_are_not_todays(phone: Phone) -> None:
    slot = made.clinic_today(hospital=phone.hospital)
    patient = phone.person("欧阳𬱖")
    made.arrived(slot, appointment=made.booked(slot, patient=patient, account=phone.account))
    clock.shift(timedelta(days=1))

    assert [day["steps"] for day in my_day(phone)["days"]] == [[]]


def test_the_day_over_http_is_for_patients_alone(phone: Phone) -> None:
    staff = make.signed_in_client(make.staff(hospital=phone.hospital))

    assert APIClient().get("/api/v1/me/day").status_code == 401
    assert staff.get("/api/v1/me/day").status_code == 403
