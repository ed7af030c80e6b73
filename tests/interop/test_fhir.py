"""Prescriptions over FHIR: read strictly, stored as they came, refused with a path."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from interop.fhir.prescriptions import FHIR_BY_REFERENCE, FHIR_TEXT, Quantity, read_prescription
from interop.hl7v2.people import PatientId
from interop.hl7v2.profiles import IdKind
from interop.models import Received, Sender
from interop.unreadable import Reason, Unreadable
from tests.make.interop import FHIR_KEY, fhir_sender

PRESCRIPTION: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "rx1",
    "identifier": [{"system": "urn:his:rx", "value": "CF20260302-1"}],
    "groupIdentifier": {"value": "CF20260302"},
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {
        "coding": [{"system": "urn:drugs", "code": "86900001", "display": "阿莫西林胶囊"}]
    },
    "subject": {"reference": "Patient/P000123", "display": "测试甲"},
    "encounter": {"reference": "Encounter/V1"},
    "authoredOn": "2026-03-02T08:30:00+08:00",
    "requester": {"reference": "Practitioner/D0007"},
    "dosageInstruction": [
        {
            "text": "每次2粒，每日3次，饭后",
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
            "route": {"text": "口服"},
            "doseAndRate": [{"doseQuantity": {"value": 0.5, "unit": "g"}}],
        }
    ],
    "dispenseRequest": {
        "quantity": {"value": 24, "unit": "粒"},
        "expectedSupplyDuration": {"value": 4, "unit": "天", "code": "d"},
    },
}


def written(**changes: Any) -> bytes:
    """The prescription with some elements changed; None leaves one out."""
    changed = {**PRESCRIPTION, **changes}
    return json.dumps({k: v for k, v in changed.items() if v is not None}).encode()


def refusal(body: bytes) -> tuple[Reason, str]:
    """Why `body` is not read, and where."""
    with pytest.raises(Unreadable) as caught:
        read_prescription(body)
    return caught.value.reason, caught.value.where


def post(sender: Sender, body: bytes, *, key: str = FHIR_KEY, kind: str = "fhir+json") -> Any:
    """A request of the doctors' system."""
    return Client().post(
        f"/fhir/{sender.hospital.code}/MedicationRequest",
        data=body,
        content_type=f"application/{kind}",
        headers={"Authorization": f"Bearer {key}"},
    )


def test_a_prescription_says_what_for_whom_and_how_to_take_it() -> None:
    told = read_prescription(written(), profile=FHIR_BY_REFERENCE)
    (dosage,) = told.dosages

    assert (told.number, told.group, told.status) == ("CF20260302-1", "CF20260302", "active")
    assert (told.code, told.name, told.system) == ("86900001", "阿莫西林胶囊", "urn:drugs")
    assert told.patient == PatientId("P000123", IdKind.PATIENT_NUMBER, "")
    assert (told.prescribed_by, told.visit) == ("Practitioner/D0007", "Encounter/V1")
    assert told.prescribed_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert (told.quantity, told.days) == (Quantity(Decimal(24), "粒"), Decimal(4))
    assert (dosage.dose, dosage.route) == (Quantity(Decimal("0.5"), "g"), "口服")
    assert (dosage.frequency, dosage.period) == (3, Quantity(Decimal(1), "d"))


def test_a_reference_is_a_patient_number_only_where_that_was_agreed() -> None:
    told = read_prescription(written(), profile=FHIR_TEXT)

    assert told.patient.kind == IdKind.OTHER


@pytest.mark.parametrize(
    ("body", "reason", "where"),
    [
        (b"", Reason.JSON, ""),
        (b"[]", Reason.JSON, ""),
        (b'{"a":1,"a":2}', Reason.JSON, ""),
        (b'{"a":NaN}', Reason.JSON, ""),
        (b'{"a":1E+99999999999999999999}', Reason.JSON, ""),
        (b'{"a":1e9999999}', Reason.JSON, ""),
        (b'{"a":"\\ud800"}', Reason.JSON, ""),
        (b'{"a":"\\u0000"}', Reason.JSON, ""),
        (b"\xff\xfe", Reason.JSON, ""),
        (b"[" * 100_000, Reason.JSON, ""),
        (b'{"resourceType":"Patient"}', Reason.RESOURCE, "resourceType"),
        (written(status=None), Reason.ELEMENT_MISSING, "MedicationRequest.status"),
        (written(status="on"), Reason.ELEMENT, "MedicationRequest.status"),
        (written(status=7), Reason.ELEMENT, "MedicationRequest.status"),
        (written(authoredOn="0001-01-01"), Reason.TIME, "MedicationRequest.authoredOn"),
        (written(authoredOn="9999-12-31"), Reason.TIME, "MedicationRequest.authoredOn"),
        (written(subject=None), Reason.ELEMENT_MISSING, "MedicationRequest.subject.reference"),
        (written(subject=[]), Reason.ELEMENT, "MedicationRequest.subject"),
        (
            written(subject={"reference": "Group/1"}),
            Reason.REFERENCE,
            "MedicationRequest.subject.reference",
        ),
        (
            written(medicationCodeableConcept=None, medicationReference={"reference": "#x"}),
            Reason.REFERENCE,
            "MedicationRequest.medicationReference.reference",
        ),
        (written(authoredOn="yesterday"), Reason.TIME, "MedicationRequest.authoredOn"),
        (written(authoredOn="2026-02-30"), Reason.TIME, "MedicationRequest.authoredOn"),
        (
            written(dosageInstruction=[{}, {"timing": "bid"}]),
            Reason.ELEMENT,
            "MedicationRequest.dosageInstruction[1].timing",
        ),
        (
            written(dispenseRequest={"quantity": {"value": "24"}}),
            Reason.ELEMENT,
            "MedicationRequest.dispenseRequest.quantity.value",
        ),
        (written(doNotPerform=True), Reason.MODIFIER, "MedicationRequest.doNotPerform"),
        (
            written(modifierExtension=[{"url": "urn:x"}]),
            Reason.MODIFIER,
            "MedicationRequest.modifierExtension",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    body: bytes, reason: Reason, where: str
) -> None:
    assert refusal(body) == (reason, where)


def test_a_fraction_keeps_every_digit() -> None:
    body = written().replace(b'"value": 0.5', b'"value": 0.1000000000000000055')

    dose = read_prescription(body).dosages[0].dose

    assert dose is not None
    assert dose.value == Decimal("0.1000000000000000055")


@pytest.mark.django_db
def test_a_posted_prescription_is_stored_as_it_came() -> None:
    sender = fhir_sender()

    answer = post(sender, written())
    received = Received.objects.get()

    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Location"].endswith(f"/{received.pk}")
    assert (received.status, received.kind) == (Received.Status.STORED, "MedicationRequest")
    assert bytes(received.body) == written()


@pytest.mark.django_db
def test_the_sender_may_read_back_what_it_posted() -> None:
    sender = fhir_sender()
    other = fhir_sender(hospital=sender.hospital, code="other", key="another-key")
    where = post(sender, written())["Location"]

    mine = Client().get(where, headers={"Authorization": f"Bearer {FHIR_KEY}"})
    theirs = Client().get(where, headers={"Authorization": "Bearer another-key"})

    assert (mine.status_code, mine.content) == (200, written())
    assert other.pk != sender.pk
    assert theirs.status_code == 404
    assert theirs.json()["issue"][0]["details"] == {"text": "interop.received_unknown"}


@pytest.mark.django_db
def test_the_same_prescription_twice_is_stored_once() -> None:
    sender = fhir_sender()
    first = post(sender, written())
    second = post(sender, written())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first["Location"] == second["Location"]
    assert Received.objects.count() == 1


@pytest.mark.django_db
def test_an_unreadable_prescription_is_kept_as_evidence_and_refused_with_its_path() -> None:
    sender = fhir_sender()

    answer = post(sender, written(status="on"))
    received = Received.objects.get()

    assert answer.status_code == 422
    assert answer.json() == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "value",
                "details": {"text": "interop.element"},
                "expression": ["MedicationRequest.status"],
            }
        ],
    }
    assert (received.status, received.reason) == (Received.Status.REFUSED, "interop.element")


@pytest.mark.django_db
def test_malformed_json_is_a_bad_request() -> None:
    answer = post(fhir_sender(), b"{")

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["details"] == {"text": "interop.json"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "wrong", FHIR_KEY + " ", "密钥"])
def test_a_stranger_is_not_heard(key: str) -> None:
    answer = post(fhir_sender(), written(), key=key)

    assert answer.status_code == 401
    assert answer.json()["issue"][0]["code"] == "login"
    assert not Received.objects.exists()


@pytest.mark.django_db
def test_a_key_of_one_hospital_opens_no_other() -> None:
    fhir_sender()
    elsewhere = fhir_sender(key="their-own-key")

    answer = post(elsewhere, written(), key=FHIR_KEY)

    assert answer.status_code == 401
    assert not Received.objects.exists()


@pytest.mark.django_db
def test_another_kind_of_body_is_not_taken() -> None:
    assert post(fhir_sender(), written(), kind="xml").status_code == 415


@pytest.mark.django_db
def test_ten_megabytes_are_refused_before_they_are_read() -> None:
    sender = fhir_sender()

    answer = post(sender, b"[" + b" " * 10_000_000)

    assert answer.status_code == 413
    assert not Received.objects.exists()


def verdict(file: Path) -> str:
    """`read`, or the reason."""
    try:
        read_prescription(file.read_bytes(), profile=FHIR_BY_REFERENCE)
    except Unreadable as refused:
        return refused.reason
    return "read"


@pytest.mark.data
def test_the_standards_own_examples_are_read_or_have_a_reason(shared_data: Path) -> None:
    files = sorted((shared_data / "fhir_r4").rglob("*.json"))

    assert Counter(verdict(file) for file in files) == {
        "read": 7,
        "reference": 1,
        "resource": len(files) - 8,
    }
