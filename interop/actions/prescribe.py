"""A doctor's MedicationRequest becomes a prescription at the pharmacy."""

from decimal import Decimal
from uuid import UUID

from common.commands import action
from interop.errors import PrescriptionNotOrdered
from interop.fhir.prescriptions import Dosage, PrescriptionMessage, read_prescription
from interop.hl7v2.people import only
from interop.models import Received
from interop.people import patient_meant
from pharmacy.actions.receive import Drug, Prescribed, receive_prescription

ORDERING = frozenset(
    {"order", "original-order", "reflex-order", "filler-order", "instance-order"}
)  # FHIR medicationrequest-intent; a plan or a proposal orders nothing
STOPPED = frozenset({"cancelled", "stopped", "entered-in-error"})


@action
def apply_prescription(received: Received) -> UUID:
    """The prescription is at the pharmacy, or taken back. The id of the version that counts.

    Raises Unreadable, PatientNotFound, PatientDiffers, PrescriptionNotOrdered, and what the
    pharmacy refuses.
    """
    told = read_prescription(bytes(received.body), profile=received.sender.fhir_profile)
    if told.intent not in ORDERING or told.status not in {"active", *STOPPED}:
        raise PrescriptionNotOrdered(status=told.status, intent=told.intent)
    patient = patient_meant(only(told.patient), hospital_id=received.hospital_id)

    return receive_prescription(patient=patient, prescribed=_prescribed(told)).pk


def _prescribed(told: PrescriptionMessage) -> Prescribed:
    system = f"{told.number_system}|" if told.number_system else ""
    is_withdrawn = told.status in STOPPED
    return Prescribed(
        number=f"{system}{told.number}",
        version=told.version,
        drugs=() if is_withdrawn else (_drug(told),),
        issued_at=told.prescribed_at,
        is_withdrawn=is_withdrawn,
    )


def _drug(told: PrescriptionMessage) -> Drug:
    directions = [*(_directions(one) for one in told.dosages), *told.notes]
    routes = [one.route for one in told.dosages if one.route]
    days = told.days
    return Drug(
        code=told.code,
        name=told.name,
        quantity=told.quantity.value if told.quantity else Decimal(0),
        unit=told.quantity.unit if told.quantity else "",
        dose_text="；".join(one for one in directions if one),
        route=routes[0] if routes else "",
        frequency="；".join(one for one in map(_frequency, told.dosages) if one),
        days=int(days) if days is not None and 0 < days < 1000 and days == int(days) else None,
    )


def _directions(dosage: Dosage) -> str:
    """The doctor's own words, or the plain dose where there are none."""
    dose = f"每次{dosage.dose.value:f}{dosage.dose.unit}" if dosage.dose else ""
    as_needed = "必要时" if dosage.is_as_needed else ""
    said = dosage.text or " ".join(one for one in (dose, _frequency(dosage), as_needed) if one)
    return " ".join(one for one in (said, dosage.patient_instruction) if one)


PERIODS = {"h": "小时", "d": "日", "wk": "周", "mo": "月"}  # UCUM


def _frequency(dosage: Dosage) -> str:
    """`每1日3次`, as the sender's timing says."""
    if not dosage.frequency or dosage.period is None:
        return ""
    unit = PERIODS.get(dosage.period.unit, dosage.period.unit)
    return f"每{dosage.period.value:f}{unit}{dosage.frequency}次"
