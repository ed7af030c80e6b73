"""The hospital's own systems, speaking to the house from outside: HL7 v2 by MLLP, FHIR by HTTP.

Order and result are real files of a publisher where they lie beside the project, else two of our
own. Only the patient's number is changed: a sender knows ours once it is connected.
"""

import json
from pathlib import Path

import httpx

from interop.mllp import send_mllp
from tests.conftest import SHARED_DATA
from tests.journey_browser.house import House

REAL = SHARED_DATA / "hl7v2" / "microsoft-fhir-converter"
REAL_NUMBER = b"10006579^^^1^MR^1"
OWN = Path(__file__).resolve().parent / "files"
OWN_NUMBER = b"P000000^^^ZC^MR"
PATIENCE_SECONDS = 20
DRUG = {"system": "urn:demo:drugs", "code": "YP-AMXL", "display": "阿莫西林胶囊"}


def send_order(house: House, *, patient_number: str) -> None:
    """A blood count is asked for."""
    _send(house, _body("LAB-ORM-1.hl7", patient_number))


def send_result(house: House, *, patient_number: str) -> None:
    """Its result is there."""
    _send(house, _body("LAB-ORU-1.hl7", patient_number))


def _body(name: str, patient_number: str) -> bytes:
    folder, number = (REAL, REAL_NUMBER) if REAL.is_dir() else (OWN, OWN_NUMBER)
    body = (folder / name).read_bytes()
    assert number in body, f"{name} names another patient"
    return body.replace(number, f"{patient_number}^^^ZC^MR".encode())


def _send(house: House, body: bytes) -> None:
    answer = send_mllp(house.mllp, body, timeout=PATIENCE_SECONDS)
    assert answer is not None
    assert b"\rMSA|AA|" in answer or b"\rMSA|CA|" in answer, answer


def send_prescription(house: House, *, patient_number: str) -> None:
    """A doctor prescribes one drug."""
    told = {
        "resourceType": "MedicationRequest",
        "id": "rx-1",
        "identifier": [{"system": "urn:demo:rx", "value": "CF-0001"}],
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [DRUG]},
        "subject": {"reference": f"Patient/{patient_number}"},
        "dosageInstruction": [{"text": "每次2粒，每日3次，饭后服", "route": {"text": "口服"}}],
        "dispenseRequest": {
            "quantity": {"value": 1, "unit": "盒"},
            "expectedSupplyDuration": {"value": 4, "unit": "天", "code": "d"},
        },
    }
    answer = httpx.post(
        f"{house.url}/fhir/demo/MedicationRequest",
        content=json.dumps(told).encode(),
        headers={
            "Authorization": f"Bearer {house.fhir_key}",
            "Content-Type": "application/fhir+json",
        },
        timeout=PATIENCE_SECONDS,
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
