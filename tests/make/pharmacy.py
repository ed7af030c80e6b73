"""Prescriptions as doctors write them, paid and brought as far as a test needs."""

import itertools
from datetime import datetime
from decimal import Decimal

from accounts.models import Role, Staff
from hospitals.models import Hospital
from patients.models import Patient
from payments.models import Charge
from pharmacy.actions.dispense import Proof, make_ready, prepare_prescription
from pharmacy.actions.receive import Drug, Prescribed, receive_prescription
from pharmacy.models import PURPOSE, Prescription
from tests.make.accounts import staff as make_staff
from tests.make.clinic import department
from tests.make.patients import patient as make_patient
from tests.make.settling import settlement
from visits.actions.visit import begin_stay
from visits.models import Visit

_numbers = itertools.count(1)


def pharmacist(*, hospital: Hospital) -> Staff:
    """A pharmacist of the hospital."""
    return make_staff(hospital=hospital, role=Role.PHARMACIST, name="沈药师")


def drug(*, quantity: str = "2", price_fen: int | None = 1250, code: str = "Z-AMX") -> Drug:
    """A box or two of one medicine."""
    return Drug(
        code=code,
        name="阿莫西林胶囊",
        quantity=Decimal(quantity),
        unit="盒",
        strength="0.25g×24粒",
        dose_text="每次2粒，每日3次，饭后口服",
        route="口服",
        frequency="每日3次",
        days=4,
        price_fen=price_fen,
    )


def prescribed(
    *,
    number: str = "",
    version: int = 1,
    drugs: tuple[Drug, ...] | None = None,
    issued_at: datetime | None = None,
    is_withdrawn: bool = False,
) -> Prescribed:
    """One version of a prescription."""
    return Prescribed(
        number=number or f"RX-{next(_numbers)}",
        version=version,
        drugs=(drug(),) if drugs is None else drugs,
        issued_at=issued_at,
        is_withdrawn=is_withdrawn,
    )


def prescription(
    *, patient: Patient | None = None, prescribed: Prescribed | None = None
) -> Prescription:
    """A prescription of a patient who is in the house; not paid."""
    whose = patient or make_patient()
    if not Visit.objects.open().filter(patient=whose).exists():
        begin_stay(patient=whose, ward=department(hospital=whose.hospital))
    return receive_prescription(patient=whose, prescribed=prescribed or _prescribed())


_prescribed = prescribed


def charge_of(prescription: Prescription) -> Charge:
    """What is asked for it."""
    return Charge.objects.get(purpose=PURPOSE, subject_id=prescription.pk)


def paid_prescription(
    *, patient: Patient | None = None, prescribed: Prescribed | None = None
) -> Prescription:
    """Paid, waiting for a pharmacist."""
    made = prescription(patient=patient, prescribed=prescribed)
    settlement(charge_of(made))()
    return Prescription.objects.select_related("hospital", "patient").get(pk=made.pk)


def ready_prescription(*, patient: Patient | None = None) -> Prescription:
    """Ready at window 3."""
    made = paid_prescription(patient=patient)
    staff = pharmacist(hospital=made.hospital)
    prepare_prescription(prescription_id=made.pk, staff=staff)
    make_ready(prescription_id=made.pk, staff=staff, window="3号窗口")
    return Prescription.objects.select_related("hospital", "patient").get(pk=made.pk)


def proof_of(prescription: Prescription) -> Proof:
    """The two identifiers of the right patient."""
    return Proof(
        pickup_code=prescription.pickup_code,
        document_end=prescription.patient.document_number[-4:],
    )
