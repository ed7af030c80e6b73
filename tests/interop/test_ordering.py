"""Orders of the hospital system become orders of ours, for the right patient, or wait."""

import pytest

from common import clock
from interop.actions.apply import apply_received
from interop.actions.receive import receive_hl7
from interop.actions.replay import replay
from interop.models import Received, Sender
from patients.models import Patient
from payments.models import Charge
from tests.interop import reading
from tests.make.clinic import department, price
from tests.make.interop import hl7_sender
from tests.make.patients import patient as make_patient
from visits.actions.visit import begin_stay
from visits.models import ORDER_PURPOSE, Order

pytestmark = pytest.mark.django_db
Status = Received.Status


@pytest.fixture
def sender() -> Sender:
    """The hospital information system; the hospital has prices for what it orders."""
    sender = hl7_sender()
    for code in ("250101", "250301", "250302"):
        price(hospital=sender.hospital, code=code)
    return sender


@pytest.fixture
def patient(sender: Sender) -> Patient:
    """A patient who is in the house."""
    patient = make_patient(hospital=sender.hospital)
    begin_stay(patient=patient, ward=department(hospital=sender.hospital))
    return patient


def arrive(
    sender: Sender, name: str, *, of: Patient, born: str = "", control: str = ""
) -> Received:
    """One of our own files arrives, made out for the patient, and is applied.

    `control` makes it another message, with this ORC-1.
    """
    body = (
        reading.body(name)
        .replace(b"P000123", of.number.encode())
        .replace(b"110101199003074258", of.document_number.encode())
        .replace(b"19900307", (born or f"{of.born_on:%Y%m%d}").encode())
    )
    if control:
        body = body.replace(b"ORC|NW", f"ORC|{control}".encode()).replace(b"HIS-00", b"HIS-10")
    receipt = receive_hl7(sender=sender, body=body)
    received = apply_received(received_id=receipt.received_id)
    assert received is not None
    return received


def test_an_order_is_placed_and_charged(sender: Sender, patient: Patient) -> None:
    received = arrive(sender, "orm_new", of=patient)
    order = Order.objects.get()

    assert (received.status, received.reason) == (Status.APPLIED, "")
    assert received.subject_id == order.pk
    assert (order.patient, order.placer_number, order.code) == (patient, "A-1001", "250101")
    assert (order.placed_at, order.status) == (clock.now(), Order.Status.PLACED)
    assert Charge.objects.get(purpose=ORDER_PURPOSE, subject_id=order.pk).amount_fen == 2500


def test_a_cancelled_order_is_withdrawn(sender: Sender, patient: Patient) -> None:
    placed = arrive(sender, "orm_new", of=patient)

    received = arrive(sender, "orm_cancel", of=patient)

    assert (received.status, received.subject_id) == (Status.APPLIED, placed.subject_id)
    assert Order.objects.get().status == Order.Status.WITHDRAWN


def test_several_orders_of_a_message_are_all_placed(sender: Sender, patient: Patient) -> None:
    assert arrive(sender, "oml_two", of=patient).status == Status.APPLIED

    assert sorted(Order.objects.values_list("code", flat=True)) == ["250301", "250302"]


def test_several_orders_of_a_message_are_all_withdrawn(sender: Sender, patient: Patient) -> None:
    arrive(sender, "oml_two", of=patient)

    received = arrive(sender, "oml_two", of=patient, control="CA")

    assert (received.status, received.reason) == (Status.APPLIED, "")
    assert set(Order.objects.values_list("status", flat=True)) == {Order.Status.WITHDRAWN}


def test_one_bad_line_keeps_all_lines_out(sender: Sender, patient: Patient) -> None:
    sender.hospital.priceitem_set.filter(code="250302").delete()

    received = arrive(sender, "oml_two", of=patient)

    assert (received.status, received.reason) == (Status.WAITING, "visits.price_unknown")
    assert not Order.objects.exists()
    assert not Charge.objects.exists()


def test_an_order_waits_until_its_price_is_known(sender: Sender, patient: Patient) -> None:
    sender.hospital.priceitem_set.filter(code="250101").delete()
    waiting = arrive(sender, "orm_new", of=patient)
    price(hospital=sender.hospital, code="250101")

    after = replay(hospital=sender.hospital, received_id=waiting.pk)

    assert (waiting.reason, after.status) == ("visits.price_unknown", Status.APPLIED)
    assert Order.objects.get().code == "250101"


def test_an_order_for_nobody_of_ours_waits(sender: Sender) -> None:
    stranger = make_patient()

    received = arrive(sender, "orm_new", of=stranger)

    assert (received.status, received.reason) == (Status.WAITING, "interop.patient_not_found")


def test_an_order_whose_numbers_name_two_people_waits(sender: Sender, patient: Patient) -> None:
    other = make_patient(hospital=sender.hospital)
    patient.number = other.number

    received = arrive(sender, "orm_new", of=patient)

    assert (received.status, received.reason) == (Status.WAITING, "interop.patient_differs")
    assert not Order.objects.exists()


def test_an_order_with_another_birth_date_waits(sender: Sender, patient: Patient) -> None:
    received = arrive(sender, "orm_new", of=patient, born="19010101")

    assert (received.status, received.reason) == (Status.WAITING, "interop.patient_differs")
    assert not Order.objects.exists()


def test_cancelling_what_was_never_ordered_waits(sender: Sender, patient: Patient) -> None:
    received = arrive(sender, "orm_cancel", of=patient)

    assert (received.status, received.reason) == (Status.WAITING, "visits.order_unknown")


def test_what_orc_1_asks_and_we_do_not_do_waits(sender: Sender, patient: Patient) -> None:
    body = reading.body("orm_new").replace(b"ORC|NW", b"ORC|SC")
    body = body.replace(b"P000123^^^ZC^MR~110101199003074258^^^MPS^NNCHN", b"%s^^^ZC^MR")
    body = body.replace(b"%s", patient.number.encode()).replace(b"19900307", b"")

    receipt = receive_hl7(sender=sender, body=body)
    received = apply_received(received_id=receipt.received_id)

    assert received is not None
    assert (received.status, received.reason) == (Status.WAITING, "interop.control_unsupported")
