"""One patient is found by a whole number, and never by browsing."""

from datetime import timedelta

import pytest

from accounts.models import Role
from common import clock
from patients.models import AccessLine, RecordSearch
from tests import make
from tests.make import inpatient as at_ward
from tests.make import reading
from visits.actions.search import MISSES_AN_HOUR, search_record
from visits.errors import TooManyMisses

pytestmark = pytest.mark.django_db


def test_a_patient_a_document_and_a_wristband_number_find_the_one_patient() -> None:
    stay = at_ward.admission()
    nurse = at_ward.nurse(hospital=stay.hospital)
    patient = stay.patient
    numbers = [patient.number, patient.document_number, f" {stay.wristband} "]

    found = [search_record(staff=nurse, number=number) for number in numbers]

    assert found == [patient, patient, patient]


def test_a_part_of_a_number_a_name_and_another_hospital_find_nobody() -> None:
    patient = make.patient(name="欧阳静")
    doctor = reading.reader(patient)
    stranger = make.staff()

    tries = [patient.number[:-1], "欧阳静", patient.document_number[:17], ""]

    assert [search_record(staff=doctor, number=number) for number in tries] == [None] * 4
    assert search_record(staff=stranger, number=patient.number) is None
    assert RecordSearch.objects.filter(has_found=False).count() == 5


def test_the_page_leads_to_the_patient_and_no_number_reaches_an_address() -> None:
    patient = make.patient(name="欧阳静")
    client = make.signed_in_client(reading.reader(patient))
    url = f"/staff/{patient.hospital.code}/records/find/"

    hit = client.post(url, {"number": patient.number}, follow=True)
    miss = client.post(url, {"number": "26000000000"})

    assert "欧**" in hit.content.decode()
    assert "欧阳静" not in hit.content.decode()
    assert not any(patient.number in address for address, _ in hit.redirect_chain)
    assert miss.status_code == 422
    assert not AccessLine.objects.exists()


def test_who_tries_numbers_out_is_stopped_for_an_hour() -> None:
    patient = make.patient()
    doctor = reading.reader(patient)
    for number in range(MISSES_AN_HOUR):
        search_record(staff=doctor, number=str(number))

    with pytest.raises(TooManyMisses):
        search_record(staff=doctor, number=patient.number)
    clock.shift(timedelta(hours=1))
    assert search_record(staff=doctor, number=patient.number) == patient


def test_offices_have_no_such_page() -> None:
    clerk = make.staff(role=Role.CASHIER)

    page = make.signed_in_client(clerk).get(f"/staff/{clerk.hospital.code}/records/find/")

    assert page.status_code == 403
