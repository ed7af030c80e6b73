"""The hospital's own systems: orders and results by HL7 v2 over MLLP, prescriptions by FHIR."""

import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from interop.mllp import send_mllp
from rehearsal.day.company import Company
from rehearsal.day.edges import Door, Unexpected
from rehearsal.day.patient import Patient
from rehearsal.day.stage import CODE, HOST, MLLP_PORT
from tools.processes import ROOT

REAL = ROOT.parent / "shared" / "data"
HL7 = REAL / "hl7v2" / "microsoft-fhir-converter"
FHIR = REAL / "fhir_r4" / "hl7-spec-examples" / "MedicationRequest-medrx0302.json"
DRUG = {"code": "YP-AMXL", "display": "阿莫西林胶囊"}
OWN_ORDER = (
    "MSH|^~\\&|HIS|DEMO|ZHENCHENG|DEMO|20260101080000||ORM^O01|MSGID20060307110114|P|2.3\r"
    "PID|1||1^^^DEMO^MR||A^B||19000101|M\rPV1|1|O\r"
    "ORC|NW|88502218|82503246||NW||||20260101080000\r"
    "OBR|1|88502218|82503246|24317-0^血细胞分析^LN\r"
)
OWN_RESULT = (
    "MSH|^~\\&|LIS|DEMO|ZHENCHENG|DEMO|20260101080000||ORU^R01|182|P|2.5\r"
    "PID|1||1^^^DEMO^MR||A^B||19000101|M\r"
    "OBR|1|88502218|82503246|24317-0^血细胞分析^LN||||||||||||||||||20260101090000|||F\r"
    "OBX|1|NM|718-7^血红蛋白^LN||142|g/L|130-175|N|||F\r"
)
PLACER, FILLER = ("88502218", "82503246"), ("855238581", "890775544")  # of the files
RESULT_AT, RESULT_STATUS = 22, 25  # fields of OBR


def real_files() -> bool:
    """Whether the hospital's real files are at hand."""
    return (HL7 / "LAB-ORM-1.hl7").is_file() and FHIR.is_file()


def _message(name: str, *, own: str) -> str:
    file = HL7 / name
    return file.read_text(encoding="utf-8-sig") if file.is_file() else own


@dataclass
class Systems:
    """HIS and laboratory, which send what really was sent, about other people."""

    company: Company
    fhir_key: str
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _next(self) -> int:
        with self.lock:
            return next(self.counter)

    def order(self, phone: Patient) -> None:
        """The doctor's system asks for a laboratory test."""
        number = self._next()
        phone.order_number = number
        text = _about(_message("LAB-ORM-1.hl7", own=OWN_ORDER), phone, number=number)
        self._send(text, phone, step="order sent", order=f"R{number}")

    def result(self, phone: Patient, *, status: str, issued_at: datetime) -> None:
        """The laboratory's result in one version."""
        text = _about(_message("LAB-ORU-1.hl7", own=OWN_RESULT), phone, number=phone.order_number)
        text = _issued(text, status=status, issued_at=issued_at)
        self._send(
            text,
            phone,
            step="result sent",
            order=f"R{phone.order_number}",
            status=status,
            issued_at=issued_at.isoformat(),
            patient=phone.patient_id,
        )

    def _send(self, text: str, phone: Patient, *, step: str, **facts: Any) -> None:
        body = _fresh(text, control=f"RH{self._next():08d}").encode()
        asked_at, begun = time.time(), time.perf_counter()
        answer = send_mllp((HOST, MLLP_PORT), body, timeout=20)
        self.company.diaries.note_seconds("MLLP message", time.perf_counter() - begun)
        accepted = answer is not None and b"MSA|AA" in answer
        if not accepted:
            self.company.diaries.note_surprise(f"MLLP: {step} was not accepted")
            raise Unexpected(step)
        self.company.diaries.note("his", step, asked_at=asked_at, to=phone.who, **facts)

    def prescribe(self, phone: Patient) -> None:
        """The doctor's system posts a prescription."""
        number = self._next()
        door = Door(self.company.stage.web, self.company.diaries)
        headers = {
            "Authorization": f"Bearer {self.fhir_key}",
            "Content-Type": "application/fhir+json",
        }
        said = json.dumps(_prescription(phone, number=number, now=self.company.pace.now()))
        answer = door.ask(
            "POST", f"/fhir/{CODE}/MedicationRequest", content=said.encode(), headers=headers
        )
        door.expect(answer, 201)
        door.close()
        self.company.diaries.note(
            "his", "prescription sent", asked_at=answer.asked_at, to=phone.who, number=f"R{number}"
        )


def _about(text: str, phone: Patient, *, number: int) -> str:
    """The message, about this patient and under numbers of its own."""
    for n, (placer, filler) in enumerate((PLACER, FILLER)):
        text = text.replace(placer, f"R{number}" + "B" * n)
        text = text.replace(filler, f"F{number}" + "B" * n)
    lines = text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
    return "\r".join(_patient(line, phone) if line.startswith("PID|") else line for line in lines)


def _patient(line: str, phone: Patient) -> str:
    fields = line.split("|")
    fields[3] = f"{phone.patient_number}^^^{CODE}^MR"
    fields[5] = phone.identity.name
    fields[7] = f"{phone.identity.born_on:%Y%m%d}"
    return "|".join(fields)


def _issued(text: str, *, status: str, issued_at: datetime) -> str:
    lines = text.split("\r")
    for n, line in enumerate(lines):
        if line.startswith("OBR|"):
            fields = line.split("|")
            fields += [""] * (RESULT_STATUS + 1 - len(fields))
            fields[RESULT_AT] = f"{issued_at:%Y%m%d%H%M%S}+0800"
            fields[RESULT_STATUS] = status
            lines[n] = "|".join(fields)
    return "\r".join(lines)


def _fresh(text: str, *, control: str) -> str:
    """Under a control number of its own."""
    head, _, rest = text.partition("\r")
    fields = head.split("|")
    fields[9] = control
    return "|".join(fields) + "\r" + rest


def _prescription(phone: Patient, *, number: int, now: datetime) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(FHIR.read_text(encoding="utf-8")) if FHIR.is_file() else {}
    for name in ("text", "contained", "medicationReference", "meta", "encounter", "requester"):
        said.pop(name, None)
    return said | {
        "resourceType": "MedicationRequest",
        "id": f"r{number}",
        "identifier": [{"use": "official", "system": "urn:rehearsal", "value": f"R{number}"}],
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{phone.patient_number}"},
        "medicationCodeableConcept": {"coding": [DRUG]},
        "authoredOn": (now - timedelta(seconds=1)).isoformat(timespec="seconds"),
        "dispenseRequest": {"quantity": {"value": 2, "unit": "盒"}},
    }
