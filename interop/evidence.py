"""What a received message says to a person who has to look at it, and whom it is about."""

import json
import re
from contextlib import suppress

from django.db.models import Q

from common.crypto import blind_index
from interop.fhir.prescriptions import read_prescription
from interop.hl7v2.charsets import decode
from interop.hl7v2.people import PatientIds, only, read_patient
from interop.hl7v2.segments import LINE_END
from interop.models import Protocol, Received
from interop.people import people_named
from interop.unreadable import Unreadable
from patients.actions.identify import COLUMN as IDENTIFIER
from patients.document_kinds import document_index
from patients.documents import LENGTH, normalised
from patients.models import DocumentType, Patient, PersonDocument

WORD = re.compile(r"[0-9A-Za-z]{4,40}")  # what may be somebody's number
MOST_WORDS = 500  # of a message that cannot be read


def lines_of(received: Received) -> list[str]:
    """The message line by line, as well as it can be decoded; a resource is laid out."""
    text = _text(received)
    if received.protocol == Protocol.FHIR:
        with suppress(ValueError, RecursionError):  # then it is shown as it came
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return [line for line in LINE_END.split(text) if line.strip()]


def patients_in(received: Received) -> list[Patient]:
    """Every patient of the hospital whom the message may be about, by key.

    A message that cannot be read is searched for numbers of patients, so that whoever sees it
    leaves a line even so.
    """
    try:
        found = people_named(_ids(received), hospital_id=received.hospital_id)
    except Unreadable:
        found = _searched(received)
    return sorted(found, key=lambda one: one.pk)


def _ids(received: Received) -> PatientIds:
    if received.protocol == Protocol.HL7V2:
        return read_patient(received.message(), profile=received.sender.hl7_profile)
    told = read_prescription(bytes(received.body), profile=received.sender.fhir_profile)
    return only(told.patient)


def _searched(received: Received) -> set[Patient]:
    """Whose number stands in a PID line, or anywhere in a resource."""
    lines = LINE_END.split(_text(received))
    if received.protocol == Protocol.HL7V2:
        lines = [line for line in lines if line.lstrip().startswith("PID")]
    words = list(dict.fromkeys(WORD.findall("\n".join(lines))))[:MOST_WORDS]
    documents = [normalised(word) for word in words if len(word) == LENGTH]
    indexes = [document_index(DocumentType.RESIDENT_ID, number) for number in documents]
    entries = PersonDocument.objects.filter(document_index__in=indexes)
    others = [blind_index(IDENTIFIER, word) for word in words]
    named = (
        Q(number__in=words)
        | Q(person__in=entries.values("person_id"))
        | Q(identifier__value_index__in=others)
    )
    return set(Patient.objects.filter(named, hospital_id=received.hospital_id))


def _text(received: Received) -> str:
    body = bytes(received.body)
    if received.protocol == Protocol.HL7V2:
        with suppress(Unreadable):  # then as much as UTF-8 finds
            return decode(body, profile=received.sender.hl7_profile)[0]
    return body.decode("utf-8-sig", errors="replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
