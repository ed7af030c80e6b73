"""The pharmacist's pages, the phone's, and the lines they leave."""

from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Role, Staff
from common import clock
from common.live import StreamName, rights_of
from patients.models import AccessLine, Relation
from pharmacy.answers import steps_of_day
from pharmacy.models import Prescription
from tests import make
from tests.make.pharmacy import (
    paid_prescription,
    pharmacist,
    prescription,
    proof_of,
    ready_prescription,
)

pytestmark = pytest.mark.django_db
Status = Prescription.Status


@pytest.fixture
def made() -> Prescription:
    return paid_prescription()


@pytest.fixture
def staff(made: Prescription) -> Staff:
    return pharmacist(hospital=made.hospital)


def address(made: Prescription, *more: str) -> str:
    return "/".join(["/staff", made.hospital.code, "pharmacy", *more, ""])


def press(client: APIClient, made: Prescription, act: str, **said: str) -> str:
    """Press a button of the prescription's page; the page that follows."""
    said = {"act": act, "idempotency_key": str(uuid4()), **said}
    answer = client.post(address(made, str(made.pk)), said, follow=True)
    return str(answer.content.decode())


def test_the_list_shows_masked_names_and_leaves_no_line(made: Prescription, staff: Staff) -> None:
    client = make.signed_in_client(staff)

    page = client.get(address(made)).content.decode()
    part = client.get(address(made, "live")).content.decode()

    assert "王**" in page
    assert made.patient.name not in page + part
    assert not AccessLine.objects.exists()


def test_the_prescription_shows_what_must_agree_and_leaves_a_line(
    made: Prescription, staff: Staff
) -> None:
    page = make.signed_in_client(staff).get(address(made, str(made.pk))).content.decode()

    assert made.patient.name in page
    assert "每次2粒，每日3次，饭后口服" in page
    assert all(look in page for look in ("查处方", "查药品", "查配伍禁忌", "查用药合理性"))
    assert AccessLine.objects.get(shown="prescription").staff == staff


def test_three_buttons_bring_the_drugs_to_the_patient(made: Prescription, staff: Staff) -> None:
    client = make.signed_in_client(staff)
    proof = proof_of(made)

    press(client, made, "prepare")
    press(client, made, "ready", window="3号窗口")
    page = press(
        client,
        made,
        "hand_over",
        pickup_code=proof.pickup_code,
        document_end=proof.document_end,
    )

    assert "已发药，请交代用法用量。" in page
    assert Prescription.objects.get(pk=made.pk).status == Status.HANDED_OVER


def test_a_wrong_code_is_said_in_words() -> None:
    made = ready_prescription()
    client = make.signed_in_client(pharmacist(hospital=made.hospital))

    page = press(client, made, "hand_over", pickup_code="1", document_end="2")

    assert "取药码或证件后四位不符" in page
    assert Prescription.objects.get(pk=made.pk).status == Status.READY


def test_a_button_pressed_too_late_is_said_in_words(made: Prescription, staff: Staff) -> None:
    page = press(make.signed_in_client(staff), made, "ready", window="1号窗口")

    assert "处方状态已经变化" in page


def test_returning_needs_a_reason(made: Prescription, staff: Staff) -> None:
    client = make.signed_in_client(staff)

    answer = client.post(
        address(made, str(made.pk)), {"act": "return", "idempotency_key": str(uuid4())}
    )

    assert answer.status_code == 422
    assert Prescription.objects.get(pk=made.pk).status == Status.PAID


@pytest.mark.parametrize("act", ["", "nothing", "hand_over\x00"])
def test_an_unknown_button_does_nothing(made: Prescription, staff: Staff, act: str) -> None:
    press(make.signed_in_client(staff), made, act)

    assert Prescription.objects.get(pk=made.pk).status == Status.PAID


def test_a_stranger_sees_no_pharmacy(made: Prescription) -> None:
    other_hospital = make.signed_in_client(pharmacist(hospital=make.hospital()))
    doctor = make.signed_in_client(make.staff(hospital=made.hospital, role=Role.DOCTOR))
    patient = make.signed_in_client(make.account())
    one = address(made, str(made.pk))

    assert other_hospital.get(one).status_code == 404
    assert doctor.get(one).status_code == 403
    assert patient.get(one).status_code == 302
    assert not AccessLine.objects.exists()


def test_another_hospitals_prescription_is_not_found(staff: Staff, made: Prescription) -> None:
    foreign = paid_prescription()
    client = make.signed_in_client(staff)

    for more in ((str(foreign.pk),), (str(foreign.pk), "live"), (str(uuid4()),)):
        assert client.get(address(made, *more)).status_code == 404
    assert not AccessLine.objects.exists()


def test_pharmacists_of_the_hospital_alone_follow_its_pharmacy(
    made: Prescription, staff: Staff
) -> None:
    stream = StreamName(made.hospital_id, "pharmacy", made.hospital_id)
    doctor = make.staff(hospital=made.hospital, role=Role.DOCTOR)
    other = pharmacist(hospital=make.hospital())

    assert rights_of(staff.account_id, stream)
    assert not rights_of(doctor.account_id, stream)
    assert not rights_of(other.account_id, stream)
    assert not rights_of(
        staff.account_id, StreamName(made.hospital_id, "pharmacy", made.patient_id)
    )


def phone(made: Prescription, client: Client) -> str:
    return client.get(f"/m/{made.hospital.code}/prescriptions/").content.decode()


def test_the_phone_shows_the_window_and_the_code() -> None:
    account = make.account()
    made = ready_prescription(patient=make.patient(account=account))

    page = phone(made, make.signed_in_client(account))

    assert "3号窗口" in page
    assert made.pickup_code in page
    assert "阿莫西林胶囊" in page
    assert not AccessLine.objects.filter(account=account).exists()


def test_an_unpaid_prescription_leads_to_what_is_due() -> None:
    account = make.account()
    made = prescription(patient=make.patient(account=account))

    assert f"/m/{made.hospital.code}/due/" in phone(made, make.signed_in_client(account))


def test_the_family_collects_without_reading_the_drugs_and_leaves_a_line() -> None:
    account = make.account()
    made = ready_prescription(patient=make.patient(account=account, relation=Relation.FAMILY))

    page = phone(made, make.signed_in_client(account))

    assert made.pickup_code in page
    assert "阿莫西林胶囊" not in page
    assert AccessLine.objects.get(account=account).patient == made.patient


def test_a_strangers_phone_shows_nothing_of_it() -> None:
    made = ready_prescription()

    page = phone(made, make.signed_in_client(make.account()))

    assert made.pickup_code not in page
    assert "还没有处方" in page


def test_the_day_of_the_patient_has_its_step() -> None:
    made = ready_prescription()

    (step,) = steps_of_day(made.patient, clock.today())

    assert (step.title, step.place, step.state) == ("取药", "3号窗口", "now")
    assert step.href == f"/m/{made.hospital.code}/prescriptions/"
