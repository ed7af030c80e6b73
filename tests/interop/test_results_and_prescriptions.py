"""Real files through the edge: an order, its result, a prescription; or they wait with a reason."""

from datetime import date
from pathlib import Path

import pytest

from hospitals.models import Hospital
from interop.actions.apply import apply_received
from interop.actions.receive import receive_hl7, receive_prescription
from interop.actions.replay import replay
from interop.models import Received, Sender
from patients.actions.identify import add_identifier
from patients.errors import IdentifierTaken
from patients.models import Patient
from payments.models import Charge
from pharmacy.models import Prescription
from results.models import Report, ReportVersion
from tests import make
from tests.make.interop import fhir_sender, hl7_sender
from tests.make.settling import settlement
from visits.actions.visit import begin_stay
from visits.models import ORDER_PURPOSE, Order

pytestmark = pytest.mark.django_db
Waiting = Received.Status.WAITING
Applied = Received.Status.APPLIED
HEMOGRAM = "24317-0"
DUCK = "10006579"


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "hl7v2" / "microsoft-fhir-converter"


@pytest.fixture
def sender() -> Sender:
    """A laboratory system of a hospital that has a price for the hemogram."""
    sender = hl7_sender()
    make.price(hospital=sender.hospital, code=HEMOGRAM)
    return sender


def in_the_house(hospital: Hospital) -> Patient:
    """The patient of the real files, whom the laboratory knows by a number of its own."""
    patient = make.patient(
        hospital=hospital, document_number=make.resident_id(born_on=date(1924, 10, 10))
    )
    begin_stay(patient=patient, ward=make.department(hospital=hospital))
    add_identifier(patient=patient, issuer="1", value=DUCK)
    return patient


def arrive(sender: Sender, body: bytes) -> Received:
    """The message is received and applied, or waits."""
    receipt = receive_hl7(sender=sender, body=body)
    received = apply_received(received_id=receipt.received_id)
    assert received is not None
    return received


def pay(order: Order) -> None:
    settlement(Charge.objects.get(purpose=ORDER_PURPOSE, subject_id=order.pk))()


def test_a_real_order_is_placed_paid_performed_and_reported(sender: Sender, folder: Path) -> None:
    patient = in_the_house(sender.hospital)
    assert arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes()).status == Applied
    order = Order.objects.get()
    pay(order)

    received = arrive(sender, (folder / "LAB-ORU-1.hl7").read_bytes())

    assert (received.status, received.reason) == (Applied, "")
    order.refresh_from_db()
    hemogram, differential = Report.objects.order_by("pk")
    assert (order.status, order.filler_number) == (Order.Status.PERFORMED, "82503246")
    assert {hemogram.patient, differential.patient} == {patient}
    assert (hemogram.order, differential.order) == (order, order)
    assert received.subject_id == hemogram.pk
    assert hemogram.versions.get().status == ReportVersion.Status.FINAL
    assert differential.versions.get().status == ReportVersion.Status.PRELIMINARY


def test_the_values_of_the_real_result_are_shown_as_sent(sender: Sender, folder: Path) -> None:
    in_the_house(sender.hospital)
    arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes())
    pay(Order.objects.get())
    arrive(sender, (folder / "LAB-ORU-1.hl7").read_bytes())

    lines = ReportVersion.objects.get(report__code=HEMOGRAM).content["observations"]

    shown = [(line["name"], line["value"], line["unit"], line["is_pending"]) for line in lines]
    assert shown[0] == ("LEUKOCYTES", "", "", True)
    assert shown[4] == ("PLATELETS", "221", "giga.l-1", False)


def test_a_result_for_an_unpaid_order_waits_and_is_replayed(sender: Sender, folder: Path) -> None:
    in_the_house(sender.hospital)
    arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes())
    waiting = arrive(sender, (folder / "LAB-ORU-1.hl7").read_bytes())
    assert (waiting.status, waiting.reason) == (Waiting, "visits.order_unpaid")
    assert not Report.objects.exists()

    pay(Order.objects.get())

    assert replay(hospital=sender.hospital, received_id=waiting.pk).status == Applied
    assert Report.objects.count() == 2


def test_a_result_that_nobody_ordered_waits(sender: Sender, folder: Path) -> None:
    in_the_house(sender.hospital)

    received = arrive(sender, (folder / "LAB-ORU-1.hl7").read_bytes())

    assert (received.status, received.reason) == (Waiting, "visits.order_unknown")
    assert not Report.objects.exists()


def test_a_result_of_a_stranger_waits_until_the_number_is_known(
    sender: Sender, folder: Path
) -> None:
    waiting = arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes())
    assert (waiting.status, waiting.reason) == (Waiting, "interop.patient_not_found")

    in_the_house(sender.hospital)

    assert replay(hospital=sender.hospital, received_id=waiting.pk).status == Applied


@pytest.mark.parametrize(
    ("status", "kept"), [(b"|C|F", ["corrected"]), (b"|I|F", []), (b"|D|F", ["withdrawn"])]
)
def test_obr_25_says_what_the_report_is_worth(
    sender: Sender, folder: Path, *, status: bytes, kept: list[str]
) -> None:
    in_the_house(sender.hospital)
    arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes())
    pay(Order.objects.get())
    body = (folder / "LAB-ORU-1.hl7").read_bytes().replace(b"|F|F", status)

    received = arrive(sender, body)

    assert received.status == Applied
    versions = ReportVersion.objects.filter(report__code=HEMOGRAM)
    assert list(versions.values_list("status", flat=True)) == kept


def test_a_cancelled_result_waits_for_a_person(sender: Sender, folder: Path) -> None:
    in_the_house(sender.hospital)
    arrive(sender, (folder / "LAB-ORM-1.hl7").read_bytes())
    pay(Order.objects.get())

    received = arrive(sender, (folder / "LAB-ORU-1.hl7").read_bytes().replace(b"|F|F", b"|X|F"))

    assert (received.status, received.reason) == (Waiting, "interop.result_cancelled")
    assert Order.objects.get().status == Order.Status.READY


def test_a_foreign_number_belongs_to_one_patient() -> None:
    patient = make.patient()
    first = add_identifier(patient=patient, issuer="LIS", value="7")

    assert add_identifier(patient=patient, issuer="LIS", value="7") == first
    with pytest.raises(IdentifierTaken):
        add_identifier(patient=make.patient(hospital=patient.hospital), issuer="LIS", value="7")


def test_another_issuers_same_number_finds_nobody(sender: Sender, folder: Path) -> None:
    in_the_house(sender.hospital)
    body = (folder / "LAB-ORM-1.hl7").read_bytes().replace(b"^^^1^MR^1", b"^^^2^MR^2")

    received = arrive(sender, body)

    assert (received.status, received.reason) == (Waiting, "interop.patient_not_found")


AZITHROMYCIN = "MedicationRequest-medrx0302.json"


def prescribe(sender: Sender, folder: Path, **changes: bytes) -> Received:
    """The real prescription, dated today, with these texts instead of its own."""
    body = (folder / AZITHROMYCIN).read_bytes().replace(b"2015-01-15", b"2026-03-02")
    for name, value in changes.items():
        body = body.replace(name.replace("_", "-").encode(), value)
    receipt = receive_prescription(sender=sender, body=body)
    received = apply_received(received_id=receipt.received_id)
    assert received is not None
    return received


@pytest.fixture
def examples(shared_data: Path) -> Path:
    return shared_data / "fhir_r4" / "hl7-spec-examples"


@pytest.fixture
def doctor_station() -> Sender:
    """A FHIR sender whose patient "pat1" is in the house, and the price of the drug."""
    sender = fhir_sender()
    patient = make.patient(hospital=sender.hospital)
    begin_stay(patient=patient, ward=make.department(hospital=sender.hospital))
    add_identifier(patient=patient, issuer="", value="pat1")
    make.price(hospital=sender.hospital, code="324252006", price_fen=350)
    return sender


def test_a_real_prescription_reaches_the_pharmacy(doctor_station: Sender, examples: Path) -> None:
    received = prescribe(doctor_station, examples)

    made = Prescription.objects.get()
    line = made.lines.get()
    assert (received.status, received.subject_id) == (Applied, made.pk)
    assert (made.status, made.amount_fen) == (Prescription.Status.ISSUED, 2100)
    assert (line.code, line.unit, line.days) == ("324252006", "TAB", 5)
    assert "Two tablets at once" in line.dose_text


def test_a_real_prescription_of_long_ago_waits(doctor_station: Sender, examples: Path) -> None:
    body = (examples / AZITHROMYCIN).read_bytes()
    receipt = receive_prescription(sender=doctor_station, body=body)

    received = apply_received(received_id=receipt.received_id)

    assert received is not None
    assert (received.status, received.reason) == (Waiting, "pharmacy.prescription_expired")


def test_a_drug_without_a_price_waits(doctor_station: Sender, examples: Path) -> None:
    doctor_station.hospital.priceitem_set.all().delete()

    received = prescribe(doctor_station, examples)

    assert (received.status, received.reason) == (Waiting, "pharmacy.drug_price_unknown")


def test_a_cancelled_prescription_is_taken_back(doctor_station: Sender, examples: Path) -> None:
    prescribe(doctor_station, examples)

    received = prescribe(doctor_station, examples, active=b"cancelled")

    assert received.status == Applied
    assert Prescription.objects.get().status == Prescription.Status.WITHDRAWN


def test_a_draft_orders_nothing(doctor_station: Sender, examples: Path) -> None:
    received = prescribe(doctor_station, examples, active=b"draft")

    assert (received.status, received.reason) == (Waiting, "interop.prescription_not_ordered")
    assert not Prescription.objects.exists()


def test_a_prescription_for_nobody_waits(doctor_station: Sender, examples: Path) -> None:
    received = prescribe(doctor_station, examples, pat1=b"pat2")

    assert (received.status, received.reason) == (Waiting, "interop.patient_not_found")
