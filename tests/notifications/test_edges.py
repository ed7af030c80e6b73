"""The inbox by API and on the phone, credits from the shell, and the staff's list of tasks."""

import re
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Account, Role
from common import clock
from notifications.actions.open_task import SERVICE_CENTRE
from notifications.actions.promise import promise_message
from notifications.models import Credit, Message, Task
from patients.models import AccessLine, Grant, Patient, Scope
from tests import make
from tests.notifications.phones import register_words

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/me/messages"


@pytest.fixture
def owner() -> Account:
    """Somebody from WeChat."""
    return make.account()


@pytest.fixture
def patient(owner: Account) -> Patient:
    """Their own patient, told one thing."""
    register_words()
    patient = make.patient(account=owner)
    make.template(hospital=patient.hospital)
    promise_message(template="told", patient=patient, about=patient)
    return patient


def read_url(message: Message) -> str:
    """Where a message is said to be read."""
    return f"{MESSAGES}/{message.pk}/read"


def page_key(html: str) -> str:
    """The key of the last form on a page."""
    keys: list[str] = re.findall(r'name="idempotency_key" value="([^"]+)"', html)
    return keys[-1]


def test_the_inbox_shows_what_was_due_in_words(owner: Account, patient: Patient) -> None:
    answer = make.signed_in_client(owner).get(MESSAGES)

    shown = answer.json()["results"]
    assert answer.status_code == 200
    assert [(one["title"], one["read_at"]) for one in shown] == [("预约成功", None)]
    assert shown[0]["text"].startswith("呼吸与危重症医学科，2026-03-03 09:30")
    assert shown[0]["hospital"] == patient.hospital.code


def test_what_is_not_due_is_not_in_the_inbox(owner: Account, patient: Patient) -> None:
    later = clock.now() + timedelta(minutes=1)
    promise_message(template="told", patient=patient, about=patient, key="2", due_at=later)

    assert len(make.signed_in_client(owner).get(MESSAGES).json()["results"]) == 1


def test_a_stranger_finds_nothing_and_can_read_nothing(patient: Patient) -> None:
    client = make.signed_in_client(make.account())
    message = Message.objects.get()

    assert client.get(MESSAGES).json()["results"] == []
    answer = client.post(read_url(message), {}, format="json", headers=make.keyed())

    assert (answer.status_code, answer.json()["code"]) == (404, "notifications.message_missing")
    message.refresh_from_db()
    assert message.read_at is None


def test_a_visitor_is_asked_to_sign_in() -> None:
    assert APIClient().get(MESSAGES).status_code == 401


def test_a_message_is_read_at_the_first_time_it_was(owner: Account, patient: Patient) -> None:
    client, message, first = make.signed_in_client(owner), Message.objects.get(), clock.now()
    client.post(read_url(message), {}, format="json", headers=make.keyed())
    clock.shift(timedelta(minutes=5))

    answer = client.post(read_url(message), {}, format="json", headers=make.keyed())

    message.refresh_from_db()
    assert answer.status_code == 200
    assert message.read_at == first


def test_who_lost_the_scope_sees_no_words_and_who_lost_the_patient_sees_nothing(
    owner: Account, patient: Patient
) -> None:
    client = make.signed_in_client(owner)
    Grant.objects.filter(patient=patient).update(scopes=[Scope.PAY])
    without_scope = client.get(MESSAGES).json()["results"]
    Grant.objects.filter(patient=patient).update(ended_at=clock.now())

    assert [one["text"] for one in without_scope] == [""]
    assert client.get(MESSAGES).json()["results"] == []


def test_a_page_of_the_inbox_takes_as_many_statements_as_a_line(
    owner: Account, patient: Patient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = make.signed_in_client(owner)
    client.get(MESSAGES)
    for number in range(10):
        promise_message(template="told", patient=patient, about=patient, key=str(number))

    with django_assert_num_queries(3):  # the token, the grants, the messages
        assert len(client.get(MESSAGES).json()["results"]) == 11


def test_an_accepted_template_is_worth_one_message_and_a_repeat_no_more(owner: Account) -> None:
    make.template(hospital=make.hospital(), wechat_template_id="tmpl-1")
    client, key = make.signed_in_client(owner), make.keyed()
    body = {"accepted": ["tmpl-1", "nobody-knows"]}
    client.post("/api/v1/me/subscriptions", body, format="json", headers=key)

    answer = client.post("/api/v1/me/subscriptions", body, format="json", headers=key)

    assert (answer.status_code, answer.json()) == (201, {"credits": {"tmpl-1": 1}})
    assert Credit.objects.count() == 1


def test_a_report_of_no_template_is_refused(owner: Account) -> None:
    client = make.signed_in_client(owner)

    answer = client.post(
        "/api/v1/me/subscriptions", {"accepted": []}, format="json", headers=make.keyed()
    )

    assert answer.status_code == 422
    assert not Credit.objects.exists()


def test_the_phone_page_marks_what_is_unread_and_reads_it(owner: Account, patient: Patient) -> None:
    client, url = make.signed_in_client(owner), f"/m/{patient.hospital.code}/messages/"
    before = client.get(url).content.decode()
    assert "未读" in before
    assert "呼吸与危重症医学科" in before

    client.post(url, {"idempotency_key": page_key(before), "message_id": Message.objects.get().pk})

    assert Message.objects.get().read_at == clock.now()
    assert "未读" not in client.get(url).content.decode()


def test_the_phone_page_reads_everything_at_once(owner: Account, patient: Patient) -> None:
    client, url = make.signed_in_client(owner), f"/m/{patient.hospital.code}/messages/"

    page = client.get(url).content.decode()
    client.post(url, {"idempotency_key": page_key(page)})

    assert not Message.objects.filter(read_at=None).exists()


def unreachable_patient() -> Patient:
    """A patient about whom somebody has to be called."""
    register_words()
    patient = make.patient(name="欧阳𬱖")
    make.template(hospital=patient.hospital)
    Grant.objects.filter(patient=patient).update(ended_at=clock.now())
    promise_message(template="told", patient=patient, about=patient)
    return patient


def test_the_list_of_tasks_says_whom_to_call_and_what_to_say_and_leaves_a_line() -> None:
    patient = unreachable_patient()
    clerk = make.staff(hospital=patient.hospital, role=SERVICE_CENTRE)

    html = make.signed_in_client(clerk).get(tasks_url(patient)).content.decode()

    assert "欧阳𬱖" in html
    assert "13800138000" in html
    assert "呼吸与危重症医学科，2026-03-03 09:30" in html
    line = AccessLine.objects.get(staff=clerk)
    assert (line.patient_id, line.shown) == (patient.pk, "task")


def test_another_role_sees_none_of_it() -> None:
    patient = unreachable_patient()
    doctor = make.staff(hospital=patient.hospital, role=Role.DOCTOR)

    html = make.signed_in_client(doctor).get(tasks_url(patient)).content.decode()

    assert "欧阳𬱖" not in html
    assert not AccessLine.objects.exists()


def test_a_task_is_finished_with_its_evidence() -> None:
    patient = unreachable_patient()
    clerk = make.staff(hospital=patient.hospital, role=SERVICE_CENTRE)
    client = make.signed_in_client(clerk)

    finish(client, patient, evidence="08:05 与患者女儿通话")

    task = Task.objects.get()
    assert (task.status, task.owner_id, task.done_at) == (
        Task.Status.DONE,
        clerk.pk,
        clock.now(),
    )
    assert task.evidence == "08:05 与患者女儿通话"


def test_a_task_without_evidence_stays_open() -> None:
    patient = unreachable_patient()
    clerk = make.staff(hospital=patient.hospital, role=SERVICE_CENTRE)

    html = finish(make.signed_in_client(clerk), patient, evidence=" ")

    assert "请写明怎样完成的" in html
    assert Task.objects.get().status == Task.Status.OPEN


def test_another_role_cannot_finish_it() -> None:
    patient = unreachable_patient()
    doctor = make.staff(hospital=patient.hospital, role=Role.DOCTOR)

    finish(make.signed_in_client(doctor), patient, evidence="done")

    assert Task.objects.get().status == Task.Status.OPEN


def test_a_finished_task_cannot_be_finished_again() -> None:
    patient = unreachable_patient()
    client = make.signed_in_client(make.staff(hospital=patient.hospital, role=SERVICE_CENTRE))
    finish(client, patient, evidence="打通")

    html = finish(client, patient, evidence="又打通")

    assert "已经有人完成" in html
    assert Task.objects.get().evidence == "打通"


def tasks_url(patient: Patient) -> str:
    """The list of the patient's hospital."""
    return f"/staff/{patient.hospital.code}/tasks/"


def finish(client: APIClient, patient: Patient, *, evidence: str) -> str:
    """Send the form of the one task; what the page then says."""
    form = {"task_id": Task.objects.get().pk, "evidence": evidence, **make_key()}
    html: str = client.post(tasks_url(patient), form, follow=True).content.decode()
    return html


def make_key() -> dict[str, str]:
    """The key of a page's form."""
    return {"idempotency_key": make.keyed()["Idempotency-Key"]}
