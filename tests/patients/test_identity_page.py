"""The counter's page for documents: found by the whole number, confirmed, voided, added."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role
from patients.models import AccessLine, Document, Patient
from tests import make

pytestmark = pytest.mark.django_db


class Desk:
    """A clerk at the counter, and somebody in front of it."""

    def __init__(self, role: str = Role.BOOKING_OFFICE) -> None:
        self.patient = make.patient(is_verified=False, name="欧阳静")
        self.clerk = make.staff(hospital=self.patient.hospital, role=role)
        self.url = f"/staff/{self.patient.hospital.code}/identity/"
        self.client = Client()
        self.client.force_login(self.clerk.account)

    def find(self, number: str) -> str:
        """What the page shows for a number."""
        return self.client.post(self.url, {"document_number": number}).content.decode()

    def do(self, act: str, **said: object) -> str:
        """What the page says after an act."""
        form = {"act": act, "idempotency_key": str(uuid4()), **said}
        answer = self.client.post(self.url, form, follow=True)
        return answer.content.decode()

    @property
    def document(self) -> Document:
        """The first document."""
        return Document.objects.get(patient=self.patient, type="resident_id")


@pytest.fixture
def desk() -> Desk:
    """The booking office."""
    return Desk()


def test_the_whole_number_finds_somebody_masked_and_leaves_a_line(desk: Desk) -> None:
    text = desk.find(desk.patient.document_number.lower())

    assert "欧阳静" in text
    assert desk.patient.document_number not in text.split('name="document_number"')[1][60:]
    line = AccessLine.objects.get(patient=desk.patient)
    assert (line.shown, line.reason, line.staff) == ("identity", "identity check", desk.clerk)


def test_a_number_that_nobody_has_here_finds_nobody(desk: Desk) -> None:
    assert "没有使用这个证件的患者" in desk.find(make.resident_id())
    assert "号码不对" in desk.find("110105194912310021")
    assert not AccessLine.objects.exists()


def test_the_clerk_saw_the_original(desk: Desk) -> None:
    said = desk.do("confirm", document_id=desk.document.pk)

    assert "已核验" in said
    assert (desk.document.status, desk.document.verified_by) == ("verified", desk.clerk)
    assert Patient.objects.get(pk=desk.patient.pk).is_verified


def test_a_document_is_void_for_a_reason_alone(desk: Desk) -> None:
    assert "请写明" in desk.do("void", document_id=desk.document.pk, because=" ")
    assert "已作废" in desk.do("void", document_id=desk.document.pk, because="号码登记错误")

    assert (desk.document.status, desk.document.voided_because) == ("void", "号码登记错误")


def test_another_document_is_added_and_finds_the_same_person(desk: Desk) -> None:
    said = desk.do(
        "add",
        patient_id=desk.patient.pk,
        document_type="passport",
        document_number="tk1234567",
        nationality="JPN",
    )

    assert "已登记另一证件" in said
    assert "欧阳静" in desk.find("TK 1234567")


def test_what_is_wrong_with_another_document_is_said(desk: Desk) -> None:
    said = desk.do(
        "add",
        patient_id=desk.patient.pk,
        document_type="passport",
        document_number="tk1234567",
    )

    assert "请选择护照上的国籍" in said


def test_another_hospitals_document_is_not_there(desk: Desk) -> None:
    elsewhere = Document.objects.get(patient=make.patient(is_verified=False))

    assert "没有找到这个证件" in desk.do("confirm", document_id=elsewhere.pk)
    assert Document.objects.get(pk=elsewhere.pk).status == "unverified"


def test_other_roles_do_not_verify() -> None:
    desk = Desk(Role.CASHIER)

    assert desk.client.get(desk.url).status_code == 403
