"""Reading without a care relation: a reason, thirty minutes, the patient told, another reviews."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from accounts.models import Role
from common import clock
from common.errors import MoveRefused
from notifications.models import Message, Task
from patients.errors import PatientUnknown
from patients.models import AccessLine, BreakGlass, Patient
from tests import make
from tests.make import pharmacy as at_pharmacy
from tests.make import reading
from visits.actions.break_glass import break_glass
from visits.actions.review import escalate_reviews, review_break_glass
from visits.care import care_relation, reason_to_read
from visits.errors import NotForThisRole, OwnReading, ReasonTooShort

pytestmark = pytest.mark.django_db
NAME = "欧阳静"


@pytest.fixture
def patient() -> Patient:
    """Somebody who is nobody's patient today."""
    return make.patient(name=NAME)


def address(patient: Patient, *more: str) -> str:
    """The patient's page for staff, or one below."""
    return "/".join(["/staff", patient.hospital.code, "patients", str(patient.pk), *more, ""])


def say_why(client: APIClient, patient: Patient, **changes: str) -> HttpResponse:
    """Fill in the form and follow it."""
    said: dict[str, Any] = {
        "idempotency_key": str(uuid4()),
        "kind": "emergency",
        "words": reading.WHY,
        **changes,
    }
    answer: HttpResponse = client.post(address(patient, "reason"), said, follow=True)
    return answer


def text_of(response: HttpResponse) -> str:
    """What the page says."""
    return str(response.content.decode())


def test_a_doctor_without_a_relation_says_why_and_reads_for_thirty_minutes(
    patient: Patient,
) -> None:
    doctor = reading.reader(patient)
    client = make.signed_in_client(doctor)

    before = text_of(client.get(address(patient), follow=True))
    after = text_of(say_why(client, patient))
    clock.shift(timedelta(minutes=30))
    later = client.get(address(patient))

    assert NAME not in before
    assert "欧**" in before
    assert NAME in after
    assert later.status_code == 302
    line = AccessLine.objects.get()
    assert (line.staff, line.role, line.reason) == (doctor, Role.DOCTOR, "break-glass")


def test_the_patient_is_told_and_the_auditor_has_to_review_without_a_name(
    patient: Patient,
) -> None:
    reading.told_template(patient)

    glass = reading.glass(patient)

    assert Message.objects.get(patient=patient).template == "record_opened"
    task = Task.objects.get(about_id=glass.pk)
    assert (task.role, task.patient) == (Role.AUDITOR, None)


def test_asked_twice_while_it_holds_it_stays_one(patient: Patient) -> None:
    doctor = reading.reader(patient)

    first = reading.glass(patient, staff=doctor)
    second = reading.glass(patient, staff=doctor)

    assert first == second
    assert Task.objects.filter(role=Role.AUDITOR).count() == 1


def test_without_words_nothing_is_opened(patient: Patient) -> None:
    client = make.signed_in_client(reading.reader(patient))

    answer = say_why(client, patient, words="急 急 急 急 急 急")

    assert answer.status_code == 422
    assert NAME not in text_of(answer)
    assert not BreakGlass.objects.exists()
    assert not Task.objects.exists()


def test_it_allows_reading_and_no_acts(patient: Patient) -> None:
    doctor = reading.reader(patient)

    reading.glass(patient, staff=doctor)

    assert reason_to_read(doctor, patient) == "break-glass"
    assert care_relation(doctor, patient) == ""


@pytest.mark.parametrize(
    ("role", "sees", "not_sees"),
    [
        (Role.DOCTOR, ["就诊", "检查检验报告", "阿莫西林"], []),
        (Role.PHARMACIST, ["就诊", "阿莫西林"], ["检查检验报告"]),
        (Role.TRIAGE, ["就诊"], ["检查检验报告", "阿莫西林"]),
    ],
)
def test_each_role_sees_what_it_may(
    patient: Patient, role: str, sees: list[str], not_sees: list[str]
) -> None:
    at_pharmacy.prescription(patient=patient)
    client = make.signed_in_client(reading.reader(patient, role=role))

    page = text_of(say_why(client, patient))

    assert all(words in page for words in sees)
    assert not any(f">{words}" in page for words in not_sees)


def test_offices_and_other_hospitals_break_no_glass(patient: Patient) -> None:
    cashier = reading.reader(patient, role=Role.CASHIER)
    stranger = make.staff()
    said: dict[str, Any] = {"kind": "emergency", "words": reading.WHY, "patient_id": patient.pk}

    with pytest.raises(NotForThisRole):
        break_glass(staff=cashier, **said)
    with pytest.raises(PatientUnknown):
        break_glass(staff=stranger, **said)
    assert make.signed_in_client(cashier).get(address(patient)).status_code == 403
    assert make.signed_in_client(stranger).get(address(patient)).status_code == 404
    assert not BreakGlass.objects.exists()


def test_a_too_short_reason_is_refused_by_the_action(patient: Patient) -> None:
    with pytest.raises(ReasonTooShort):
        break_glass(
            staff=reading.reader(patient), patient_id=patient.pk, kind="emergency", words="急"
        )


def test_another_person_judges_once_and_the_duty_is_done(patient: Patient) -> None:
    reading.told_template(patient)
    glass = reading.glass(patient)
    auditor = reading.reader(patient, role=Role.AUDITOR)
    judged: dict[str, Any] = {"glass_id": glass.pk, "reviewer": auditor, "words": "抢救记录可查"}

    review_break_glass(**judged, is_justified=True)

    with pytest.raises(MoveRefused):
        review_break_glass(**judged, is_justified=False)
    task = Task.objects.get(about_id=glass.pk)
    assert (task.status, task.owner) == (Task.Status.DONE, auditor)


def test_nobody_judges_what_they_read(patient: Patient) -> None:
    glass = reading.glass(patient)

    with pytest.raises(OwnReading):
        review_break_glass(glass_id=glass.pk, reviewer=glass.staff, is_justified=True, words="")
    assert BreakGlass.objects.get().status == BreakGlass.Status.OPEN


def test_what_was_not_justified_becomes_the_managers_task(patient: Patient) -> None:
    reading.told_template(patient)
    glass = reading.glass(patient)
    auditor = reading.reader(patient, role=Role.AUDITOR)

    review_break_glass(glass_id=glass.pk, reviewer=auditor, is_justified=False, words="无诊疗需要")

    assert Task.objects.open().get(about_id=glass.pk).role == Role.MANAGER


def test_what_nobody_reviews_in_three_days_reaches_the_manager_once(patient: Patient) -> None:
    reading.glass(patient)
    clock.shift(timedelta(days=3))

    assert (escalate_reviews(), escalate_reviews()) == (1, 0)

    assert Task.objects.filter(role=Role.MANAGER).count() == 1
