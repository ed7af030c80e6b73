"""The auditor's pages: what waits to be judged, and the lines, never the records."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from patients.access import show_record
from patients.models import AccessFinding, AccessLine, BreakGlass, Patient, ReadAllowance
from tests import make
from tests.make import reading
from visits.actions.watch import watch_access

pytestmark = pytest.mark.django_db
NAME = "欧阳静"


@pytest.fixture
def patient() -> Patient:
    """Somebody who was read about."""
    made = make.patient(name=NAME)
    reading.told_template(made)
    return made


@pytest.fixture
def auditor(patient: Patient) -> APIClient:
    """The auditor, signed in."""
    return make.signed_in_client(reading.reader(patient, role=Role.AUDITOR, name="方正"))


def address(patient: Patient, *more: str) -> str:
    """The auditor's page, or one below."""
    return "/".join(["/staff", patient.hospital.code, "audit", *more, ""])


def test_the_auditor_reads_why_and_judges_and_never_sees_the_patients_name(
    patient: Patient, auditor: APIClient
) -> None:
    glass = reading.glass(patient)

    page = auditor.get(address(patient)).content.decode()
    said = {"idempotency_key": str(uuid4()), "about_id": str(glass.pk), "words": "抢救记录可查"}
    after = auditor.post(address(patient), {**said, "act": "justified"}, follow=True)

    assert reading.WHY in page
    assert NAME not in page
    assert "没有待复核的紧急查阅" in after.content.decode()
    assert BreakGlass.objects.get().status == BreakGlass.Status.JUSTIFIED


def test_a_finding_is_shown_and_closed(patient: Patient, auditor: APIClient) -> None:
    staff = reading.reader(patient, name="欧阳明")
    show_record(staff=staff, patients=[patient], shown="report", reason="open visit")
    watch_access()
    finding = AccessFinding.objects.get()

    page = auditor.get(address(patient)).content.decode()
    said = {"idempotency_key": str(uuid4()), "about_id": str(finding.pk), "words": "同科病例讨论"}
    auditor.post(address(patient), {**said, "act": "explained"})

    assert "查阅同名或同姓人员" in page
    finding.refresh_from_db()
    assert (finding.status, finding.words) == (AccessFinding.Status.EXPLAINED, "同科病例讨论")


def test_lines_are_found_by_patient_and_by_staff_and_looking_leaves_a_line(
    patient: Patient, auditor: APIClient
) -> None:
    doctor = reading.reader(patient)
    show_record(staff=doctor, patients=[patient], shown="report", reason="open visit")
    url = address(patient, "lines")

    by_staff = auditor.post(url, {"staff_number": doctor.number}).content.decode()
    by_patient = auditor.post(url, {"patient_number": patient.number}).content.decode()
    nothing = auditor.post(url, {})

    assert "检查检验报告" in by_staff
    assert f"工号 {doctor.number}" in by_patient
    assert NAME not in by_staff + by_patient
    assert nothing.status_code == 422
    assert AccessLine.objects.get(shown="access log").reason == "audit"


def test_more_reading_is_allowed_for_today(patient: Patient, auditor: APIClient) -> None:
    clerk = reading.reader(patient, role=Role.BOOKING_OFFICE)
    said = {"idempotency_key": str(uuid4()), "more": "50", "words": "停诊通知"}

    auditor.post(address(patient, "allow"), {**said, "staff_number": clerk.number})

    assert ReadAllowance.objects.get().staff == clerk


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.ADMINISTRATOR, Role.RECORDS_OFFICE])
def test_nobody_else_opens_the_audit(patient: Patient, role: str) -> None:
    client = make.signed_in_client(reading.reader(patient, role=role))
    stranger = make.signed_in_client(make.staff(role=Role.AUDITOR))

    assert client.get(address(patient)).status_code == 403
    assert client.post(address(patient, "lines"), {}).status_code == 403
    assert stranger.get(address(patient)).status_code == 404
    assert stranger.post(address(patient), {"about_id": str(uuid4())}).status_code == 404
