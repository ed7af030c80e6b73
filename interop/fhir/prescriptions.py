"""What a doctor prescribed (处方): the parts of a MedicationRequest that a pharmacy needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from interop.fhir.nodes import Node, read_resource
from interop.hl7v2.people import PatientId
from interop.hl7v2.profiles import CHINA, IdKind
from interop.unreadable import Reason

KIND = "MedicationRequest"
STATUSES = frozenset(
    {
        "active",
        "on-hold",
        "cancelled",
        "completed",
        "entered-in-error",
        "stopped",
        "draft",
        "unknown",
    }
)
INTENTS = frozenset(
    {
        "proposal",
        "plan",
        "order",
        "original-order",
        "reflex-order",
        "filler-order",
        "instance-order",
        "option",
    }
)


@dataclass(frozen=True, slots=True)
class FhirProfile:
    """How one sender names things; agreed when its interface is opened."""

    name: str
    zone: ZoneInfo = CHINA  # of dates without a time
    patient_systems: Mapping[str, IdKind] = field(default_factory=dict)
    references_are_patient_numbers: bool = False  # Patient/x: x is the hospital's own number


FHIR_TEXT = FhirProfile(name="fhir")
FHIR_BY_REFERENCE = FhirProfile(name="fhir_by_reference", references_are_patient_numbers=True)
FHIR_PROFILES: Mapping[str, FhirProfile] = {
    profile.name: profile for profile in (FHIR_TEXT, FHIR_BY_REFERENCE)
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Dosage:
    """How to take it."""

    text: str
    route: str
    dose: Quantity | None
    frequency: int  # times in each period; 0 where nothing is said
    period: Quantity | None
    is_as_needed: bool
    patient_instruction: str


@dataclass(frozen=True, slots=True)
class PrescriptionMessage:
    """One medicine for one patient. Personal: never logged."""

    number: str  # the sender's prescription number, by which a later version is known
    number_system: str
    version: int  # of this prescription; 1 where the sender counts none
    group: str  # medicines prescribed together share it; empty where one stands alone
    status: str  # the standard's word, such as "active"
    intent: str
    patient: PatientId
    visit: str  # the sender's reference to the visit, as sent
    code: str
    name: str
    system: str
    dosages: tuple[Dosage, ...]
    quantity: Quantity | None
    days: Decimal | None  # how long the supply lasts, where given in days
    prescribed_at: datetime | None
    prescribed_by: str  # the sender's reference to the doctor, as sent
    notes: tuple[str, ...]


def read_prescription(body: bytes, *, profile: FhirProfile = FHIR_TEXT) -> PrescriptionMessage:
    """The prescription in `body`. Raises Unreadable."""
    request = read_resource(body, kind=KIND)
    if request.flag("doNotPerform"):
        raise request.refusal(Reason.MODIFIER, "doNotPerform")
    number, number_system = _number(request)
    code, name, system = _medicine(request)
    supply = request.one("dispenseRequest")
    return PrescriptionMessage(
        number=number,
        number_system=number_system,
        version=_version(request.one("meta")),
        group=request.one("groupIdentifier").text("value"),
        status=_word(request, "status", words=STATUSES),
        intent=_word(request, "intent", words=INTENTS),
        patient=_patient(request, profile=profile),
        visit=request.one("encounter").text("reference"),
        code=code,
        name=name,
        system=system,
        dosages=tuple(_dosage(one) for one in request.many("dosageInstruction")),
        quantity=_quantity(supply.one("quantity")),
        days=_days(supply.one("expectedSupplyDuration")),
        prescribed_at=request.moment("authoredOn", zone=profile.zone),
        prescribed_by=request.one("requester").text("reference"),
        notes=tuple(note.needed("text") for note in request.many("note")),
    )


def _word(node: Node, name: str, *, words: frozenset[str]) -> str:
    word = node.needed(name)
    if word not in words:
        raise node.refusal(Reason.ELEMENT, name)
    return word


def _number(request: Node) -> tuple[str, str]:
    """The official identifier, else the first, else the resource's own id."""
    found = sorted(request.many("identifier"), key=lambda one: one.text("use") != "official")
    if found:
        return found[0].needed("value"), found[0].text("system")
    return request.needed("id"), ""


def _version(meta: Node) -> int:
    """meta.versionId, which must be a number: versions have an order."""
    version = meta.text("versionId")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise meta.refusal(Reason.ELEMENT, "versionId")
    return int(version or 1)


def _patient(request: Node, *, profile: FhirProfile) -> PatientId:
    subject = request.one("subject")
    identifier = subject.one("identifier")
    if identifier.members:
        system = identifier.text("system")
        kind = profile.patient_systems.get(system, IdKind.OTHER)
        return PatientId(value=identifier.needed("value"), kind=kind, authority=system)
    base, _, key = subject.needed("reference").rpartition("/")
    if not base.endswith("Patient") or not key:
        raise subject.refusal(Reason.REFERENCE, "reference")
    is_ours = profile.references_are_patient_numbers
    return PatientId(key, IdKind.PATIENT_NUMBER if is_ours else IdKind.OTHER, authority="")


def _medicine(request: Node) -> tuple[str, str, str]:
    """Code, name and system; a contained Medication is looked up, one elsewhere is not fetched."""
    if "medicationCodeableConcept" in request.members:
        return _coded(request.one("medicationCodeableConcept"))
    reference = request.one("medicationReference")
    target = reference.needed("reference")
    if not target.startswith("#"):
        raise reference.refusal(Reason.REFERENCE, "reference")
    for contained in request.many("contained"):
        is_it = contained.text("id") == target[1:]
        if is_it and contained.text("resourceType") == "Medication":
            return _coded(contained.one("code"))
    raise reference.refusal(Reason.REFERENCE, "reference")


def _coded(concept: Node) -> tuple[str, str, str]:
    for coding in concept.many("coding"):
        code, name = coding.text("code"), coding.text("display")
        if code:
            return code, name or concept.text("text"), coding.text("system")
    return "", concept.needed("text"), ""


def _dosage(node: Node) -> Dosage:
    repeat = node.one("timing").one("repeat")
    frequency = repeat.number("frequency") or Decimal(0)
    if frequency != int(frequency):
        raise repeat.refusal(Reason.ELEMENT, "frequency")
    period = repeat.number("period")
    doses = [_quantity(one.one("doseQuantity")) for one in node.many("doseAndRate")]
    route = node.one("route")
    return Dosage(
        text=node.text("text"),
        route=_coded(route)[1] if route.members else "",
        dose=next((dose for dose in doses if dose is not None), None),
        frequency=int(frequency),
        period=Quantity(period, repeat.needed("periodUnit")) if period is not None else None,
        is_as_needed=node.flag("asNeededBoolean") or "asNeededCodeableConcept" in node.members,
        patient_instruction=node.text("patientInstruction"),
    )


def _quantity(node: Node) -> Quantity | None:
    value = node.number("value")
    return None if value is None else Quantity(value, node.text("unit") or node.text("code"))


def _days(node: Node) -> Decimal | None:
    return node.number("value") if node.text("code") == "d" else None
