"""Colleagues and marked persons: a reason is asked of everybody, also of who treats them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Role, Staff
from common import clock
from notifications.actions.open_task import open_task
from patients.access import show_record
from patients.errors import ReasonNeeded
from patients.models import AccessLine, Patient, PatientMark
from queueing.actions.call import call_next
from tests import make
from tests.make import inpatient as at_ward
from tests.make import pharmacy as at_pharmacy
from tests.make import queueing as at_queue
from tests.make import reading
from visits.actions.mark import lift_mark, mark_patient
from visits.errors import PersonNotFound

pytestmark = pytest.mark.django_db
NAME = "欧阳静"


@pytest.fixture
def patient() -> Patient:
    """A colleague."""
    made = make.patient(name=NAME)
    reading.marked(made)
    return made


def test_the_treating_doctor_calls_them_and_sees_the_name_after_saying_why_once_a_day() -> None:
    clock.shift(timedelta(minutes=10))
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot, appointment=at_queue.booked(slot, name=NAME))
    reading.marked(ticket.patient)
    doctor = at_queue.doctor_of(slot)
    call_next(queue_id=slot.session_id, staff=doctor)
    client = make.signed_in_client(doctor)
    url = f"/staff/{slot.hospital.code}/queues/{slot.session_id}/"

    before = client.get(url).content.decode()
    reading.glass(ticket.patient, staff=doctor)
    clock.shift(timedelta(hours=9))
    after = client.get(url).content.decode()

    assert NAME not in before
    assert "说明理由" in before
    assert NAME in after
    assert [line.shown for line in AccessLine.objects.all()] == ["queue"]
    clock.shift(timedelta(hours=9))
    assert NAME not in client.get(url).content.decode()


def test_a_page_about_them_leads_to_the_reason_and_back(patient: Patient) -> None:
    prescription = at_pharmacy.paid_prescription(patient=patient)
    client = make.signed_in_client(at_pharmacy.pharmacist(hospital=patient.hospital))
    url = f"/staff/{patient.hospital.code}/pharmacy/{prescription.pk}/"

    asked = client.get(url)
    said = {"idempotency_key": str(uuid4()), "kind": "own_duty", "words": reading.WHY, "next": url}
    page = client.post(asked.headers["Location"], said, follow=True)

    assert asked.headers["Location"].startswith(
        f"/staff/{patient.hospital.code}/patients/{patient.pk}/reason/?next="
    )
    assert page.redirect_chain[-1][0] == url
    assert NAME in page.content.decode()


def test_a_live_part_sends_the_whole_page_to_the_reason() -> None:
    stay = at_ward.admission()
    client = make.signed_in_client(at_ward.nurse(hospital=stay.hospital))
    reading.marked(stay.patient)

    part = client.get(
        f"/staff/{stay.hospital.code}/admissions/{stay.pk}/live/", headers={"HX-Request": "true"}
    )

    assert part.status_code == 204
    assert part.headers["HX-Redirect"].endswith(f"/patients/{stay.patient_id}/reason/")


def test_a_task_about_them_is_shown_shortened_without_a_phone(patient: Patient) -> None:
    office = reading.reader(patient, role=Role.BOOKING_OFFICE)
    reading.told_template(patient)
    open_task(
        role=Role.BOOKING_OFFICE, kind="call", patient=patient, about=patient, due_at=clock.now()
    )
    client = make.signed_in_client(office)
    url = f"/staff/{patient.hospital.code}/tasks/"

    before = client.get(url).content.decode()
    reading.glass(patient, staff=office)
    after = client.get(url).content.decode()

    assert NAME not in before
    assert patient.phone not in before
    assert NAME in after
    assert [(line.shown, line.role) for line in AccessLine.objects.filter(staff=office)] == [
        ("task", Role.BOOKING_OFFICE)
    ]


def test_no_line_is_left_for_what_was_not_shown(patient: Patient) -> None:
    doctor = reading.reader(patient)

    with pytest.raises(ReasonNeeded):
        make_line(patient, doctor)

    assert not AccessLine.objects.exists()


def make_line(patient: Patient, doctor: Staff) -> None:
    """Show the record to the doctor."""
    show_record(staff=doctor, patients=[patient], shown="record", reason="open visit")


def test_a_mark_is_set_once_and_lifted(patient: Patient) -> None:
    office = reading.reader(patient, role=Role.RECORDS_OFFICE)

    again = mark_patient(staff=office, patient_id=patient.pk, kind="employee")
    lift_mark(staff=office, mark_id=again.pk)
    make_line(patient, reading.reader(patient))

    assert PatientMark.objects.count() == 1
    assert AccessLine.objects.count() == 1


def test_another_hospital_marks_nobody_here(patient: Patient) -> None:
    with pytest.raises(PersonNotFound):
        mark_patient(staff=make.staff(), patient_id=patient.pk, kind="vip")


def test_the_page_marks_by_a_whole_number_and_shows_nobody_in_full(patient: Patient) -> None:
    other = make.patient(hospital=patient.hospital, name="司马迁")
    client = make.signed_in_client(reading.reader(patient, role=Role.AUDITOR))
    url = f"/staff/{patient.hospital.code}/marks/"
    said = {"act": "mark", "kind": "vip", "idempotency_key": str(uuid4())}

    page = client.post(url, {**said, "number": other.number}, follow=True).content.decode()
    unknown = client.post(url, {**said, "number": "26000000000"})

    assert "司**" in page
    assert "司马迁" not in page
    assert unknown.status_code == 422
    assert PatientMark.objects.filter(patient=other).count() == 1
