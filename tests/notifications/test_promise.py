"""What is promised is owed once to each reader, and leaves with the command's other inserts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from common import clock, commands
from common.commands import action
from notifications.actions.move import move_messages
from notifications.actions.open_task import SERVICE_CENTRE, open_task
from notifications.actions.promise import promise_message
from notifications.actions.withdraw import withdraw_messages
from notifications.models import Grade, Message, Task
from notifications.words import may_be_told
from patients.models import Grant, Patient, Relation, Scope
from tests import make

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=3)


def patient_told(**said: Any) -> Patient:
    """A patient whose hospital has a template `told`."""
    patient = make.patient()
    make.template(hospital=patient.hospital, **said)
    return patient


def family_of(patient: Patient, *, scopes: list[str]) -> Grant:
    """Another account that may act for the patient."""
    return Grant.objects.create(
        hospital=patient.hospital,
        account=make.account(),
        patient=patient,
        relation=Relation.FAMILY,
        scopes=scopes,
        made_at=clock.now(),
    )


def test_each_account_that_may_read_it_is_owed_one() -> None:
    patient = patient_told(scope=Scope.REPORTS)
    daughter = family_of(patient, scopes=[Scope.REPORTS])
    family_of(patient, scopes=[Scope.BOOK])

    promise_message(template="told", patient=patient, about=patient)

    accounts = set(Message.objects.values_list("account_id", flat=True))
    himself = Grant.objects.get(patient=patient, relation=Relation.SELF)
    assert accounts == {himself.account_id, daughter.account_id}


def test_a_promise_made_twice_is_one_message() -> None:
    patient = patient_told()

    promise_message(template="told", patient=patient, about=patient)
    promise_message(template="told", patient=patient, about=patient)

    assert Message.objects.count() == 1


def test_another_key_is_another_message() -> None:
    patient = patient_told()

    promise_message(template="told", patient=patient, about=patient, key="1")
    promise_message(template="told", patient=patient, about=patient, key="2")

    assert Message.objects.count() == 2


def test_a_promise_that_rolls_back_owes_nothing() -> None:
    patient = patient_told()

    with pytest.raises(SlotFull):
        promise_and_refuse(patient)

    assert not Message.objects.exists()
    assert not OrmQ.objects.exists()


def test_two_promises_of_one_command_ask_once_who_may_read_and_nudge_once() -> None:
    patient = patient_told()
    make.template(hospital=patient.hospital, code="reminder")
    promise_message(template="told", patient=patient, about=patient, key="warm")
    promise_message(template="reminder", patient=patient, about=patient, key="warm")
    OrmQ.objects.all().delete()

    with commands.command(), CaptureQueriesContext(connection) as asked:
        promise_message(template="told", patient=patient, about=patient)
        promise_message(
            template="reminder", patient=patient, about=patient, due_at=clock.now() + LATER
        )

    assert len(asked) == 1
    assert "patients_grant" in asked[0]["sql"]
    assert Message.objects.count() == 4
    assert OrmQ.objects.count() == 1


def test_what_is_due_later_nudges_nobody() -> None:
    patient = patient_told()

    promise_message(template="told", patient=patient, about=patient, due_at=clock.now() + LATER)

    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(("grade", "tasks"), [(Grade.G1, 1), (Grade.G2, 1), (Grade.G3, 0)], ids=str)
def test_without_a_reader_a_person_is_asked_to_call_where_it_matters(
    grade: Grade, tasks: int
) -> None:
    patient = patient_told(grade=grade)
    Grant.objects.filter(patient=patient).update(ended_at=clock.now())

    promise_message(template="told", patient=patient, about=patient)
    promise_message(template="told", patient=patient, about=patient)

    assert not Message.objects.exists()
    assert Task.objects.filter(role=SERVICE_CENTRE, reason="no_reader").count() == tasks


def test_a_template_that_nobody_wrote_becomes_a_task() -> None:
    patient = make.patient()

    promise_message(template="forgotten", patient=patient, about=patient)

    assert Task.objects.get().reason == "no_template"


def test_withdrawing_takes_back_what_waits_about_that_thing_alone() -> None:
    patient = patient_told(grade=Grade.G1)
    other = make.patient(hospital=patient.hospital)
    promise_message(template="told", patient=patient, about=patient)
    promise_message(template="told", patient=other, about=other)

    withdrawn = withdraw_messages(about=patient)

    assert withdrawn == 1
    assert Message.objects.get(about_id=patient.pk).status == Message.Status.WITHDRAWN
    assert Message.objects.get(about_id=other.pk).status == Message.Status.QUEUED


def test_withdrawing_in_the_command_of_the_promise_sees_it() -> None:
    patient = patient_told()

    with commands.command():
        promise_message(template="told", patient=patient, about=patient)
        withdraw_messages(about=patient, templates=["told"])

    assert Message.objects.get().status == Message.Status.WITHDRAWN


def test_withdrawing_ends_the_task_that_stood_for_the_message_and_no_other() -> None:
    patient = make.patient()
    promise_message(template="forgotten", patient=patient, about=patient)
    open_task(role=SERVICE_CENTRE, kind="other", about=patient, patient=patient, due_at=clock.now())

    withdraw_messages(about=patient)

    assert Task.objects.get(template="forgotten").status == Task.Status.WITHDRAWN
    assert Task.objects.get(kind="other").status == Task.Status.OPEN


def test_a_moved_message_is_due_at_its_new_time() -> None:
    patient = patient_told()
    promise_message(template="told", patient=patient, about=patient, due_at=clock.now() + LATER)

    move_messages(about=patient, due_at=clock.now())

    assert Message.objects.due(clock.now()).count() == 1
    assert OrmQ.objects.count() == 1


def test_a_patient_who_may_be_told_nothing_is_owed_nothing() -> None:
    patient = patient_told()
    silenced.add(patient.pk)
    may_be_told.answered_by(is_not_silenced)

    promise_message(template="told", patient=patient, about=patient)

    assert not Message.objects.exists()
    assert not Task.objects.exists()
    silenced.clear()


class SlotFull(Exception):
    """A refusal after the promise."""


@action
def promise_and_refuse(patient: Patient) -> None:
    """An action that refuses too late."""
    promise_message(template="told", patient=patient, about=patient)
    raise SlotFull


silenced: set[object] = set()


def is_not_silenced(patient_id: object) -> bool:
    """An answer to `may_be_told`, as an upper app would give it."""
    return patient_id not in silenced
