"""The records office: who asks, which visit, the paper to print."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from common import clock
from papers.models import Paper
from patients.models import AccessLine
from records.models import CopyRequest, IssuedRecord
from tests import make
from tests.make import records as made
from visits.care import reason_to_read
from visits.models import Visit

pytestmark = pytest.mark.django_db


class Counter:
    """A clerk of the records office, and a visit of somebody who comes to the counter."""

    def __init__(self) -> None:
        self.visit: Visit = made.visit(name="欧阳𬱖")
        self.hospital = self.visit.hospital
        self.clerk = make.staff(hospital=self.hospital, role=Role.RECORDS_OFFICE)
        self.client: APIClient = make.signed_in_client(self.clerk)
        self.address = f"/staff/{self.hospital.code}/records/"

    def take(self, **said: str) -> Any:
        data = {
            "idempotency_key": str(uuid4()),
            "document_number": self.visit.patient.document_number,
            "claimant": "patient",
            "purpose": "insurance",
            **said,
        }
        return self.client.post(self.address, data)

    def issue(self, address: str, visit: Visit | None = None) -> Any:
        data = {"idempotency_key": str(uuid4()), "visit_id": str((visit or self.visit).pk)}
        return self.client.post(address, data)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_document_to_the_printed_record(counter: Counter) -> None:
    where = counter.take()["Location"]
    listed = counter.client.get(where)
    issued = counter.issue(where)
    file = counter.client.get(issued["Location"])

    record = IssuedRecord.objects.get()
    assert counter.visit.patient.document_number not in where
    assert "欧阳𬱖" in text(listed)
    assert counter.visit.department.name in text(listed)
    assert record.request == CopyRequest.objects.get()
    assert file.content == record.paper.pdf()
    assert file["Content-Disposition"].startswith("inline")
    assert file["Cache-Control"] == "no-store"


def test_each_look_leaves_a_line_that_names_the_request(counter: Counter) -> None:
    where = counter.take()["Location"]
    counter.client.get(where)
    counter.client.get(counter.issue(where)["Location"])

    lines = AccessLine.objects.filter(staff=counter.clerk).order_by("pk")
    assert [line.shown for line in lines] == ["patient", "visits", "visit record"]
    assert {line.reason for line in lines} == {"records request"}


def test_the_clerk_hands_out_the_paper_that_the_patient_has(counter: Counter) -> None:
    paper = made.issued(counter.visit)

    issued = counter.issue(counter.take()["Location"])

    assert str(paper.pk) in issued["Location"]
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [("11010519491231002X", "本院没有"), ("110105194912310021", "核对原件"), ("", "需要改")],
)
def test_who_is_not_found_is_said_and_nothing_is_kept(
    counter: Counter, number: str, words: str
) -> None:
    answer = counter.take(document_number=number)

    assert answer.status_code == 422
    assert words in text(answer)
    assert not CopyRequest.objects.exists()
    assert not AccessLine.objects.exists()


def test_another_hospitals_patient_is_not_found(counter: Counter) -> None:
    elsewhere = make.patient()

    assert "本院没有" in text(counter.take(document_number=elsewhere.document_number))


def test_a_visit_of_somebody_else_is_not_issued_under_the_request(counter: Counter) -> None:
    other = made.visit(hospital=counter.hospital)

    answer = counter.issue(counter.take()["Location"], other)

    assert answer.status_code == 404
    assert not Paper.objects.exists()


def test_a_request_ends_and_with_it_the_right_to_read(counter: Counter) -> None:
    where = counter.take()["Location"]
    before = reason_to_read(counter.clerk, counter.visit.patient)
    clock.shift(timedelta(hours=4))

    assert before == "records request"
    assert reason_to_read(counter.clerk, counter.visit.patient) == ""
    assert counter.client.get(where).status_code == 404


def test_a_request_belongs_to_the_clerk_who_took_it(counter: Counter) -> None:
    where = counter.take()["Location"]
    colleague = make.staff(hospital=counter.hospital, role=Role.RECORDS_OFFICE)

    assert make.signed_in_client(colleague).get(where).status_code == 404


def test_other_roles_and_patients_are_kept_out(counter: Counter) -> None:
    nurse = make.signed_in_client(make.staff(hospital=counter.hospital, role=Role.NURSE))
    patient = make.signed_in_client(make.account())

    assert nurse.get(counter.address).status_code == 403
    assert patient.get(counter.address).status_code == 302


def test_the_office_finds_its_page_among_its_places_of_work(counter: Counter) -> None:
    assert counter.address in text(counter.client.get(f"/staff/{counter.hospital.code}/"))
