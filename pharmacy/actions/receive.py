"""A doctor's prescription arrives, or a newer version of it."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db import models

from clinic.models import PriceItem
from common import clock
from common.commands import action, write
from common.crypto import blind_index
from common.ids import new_id
from hospitals.policy import policy_of
from patients.models import Patient
from payments.actions.charge import open_charge
from payments.models import Charge
from pharmacy.actions.leave import locked_versions, take_away
from pharmacy.errors import (
    AlreadyHandedOver,
    DrugPriceUnknown,
    PrescriptionDiffers,
    PrescriptionExpired,
    PrescriptionUnfit,
)
from pharmacy.models import PURPOSE, Prescription, PrescriptionLine
from pharmacy.telling import announce_change
from pharmacy.words import CHARGE_TITLE
from visits.errors import NoOpenVisit
from visits.fitting import refuse_overlong
from visits.models import Visit

MOST = 9999  # of one drug; more is a slip of the pen
DEAREST_FEN = 100_000_000  # of one line; more is a slip of the pen


@dataclass(frozen=True)
class Drug:
    """One medicine, as the doctor prescribed it."""

    code: str
    name: str
    quantity: Decimal
    unit: str = ""
    strength: str = ""
    dose_text: str = ""
    route: str = ""
    frequency: str = ""
    days: int | None = None
    price_fen: int | None = None  # of one unit, where the sender says it


@dataclass(frozen=True)
class Prescribed:
    """One version of a prescription, in the sender's own numbers. Personal: never logged."""

    number: str
    version: int
    drugs: tuple[Drug, ...]
    issued_at: datetime | None = None  # None: now
    is_withdrawn: bool = False  # the doctor took it back; the drugs do not count

    @property
    def index(self) -> str:
        """By which the same version is known again."""
        plain = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return blind_index("prescription.content", plain)


@action
def receive_prescription(*, patient: Patient, prescribed: Prescribed) -> Prescription:
    """The version is there and charged, and takes the place of earlier ones; or a newer one stays.

    Returns the version that counts. Repeatable. Locks the patient, then earlier versions with
    their charges. Raises NoOpenVisit, PrescriptionDiffers, PrescriptionUnfit,
    PrescriptionExpired, AlreadyHandedOver, DrugPriceUnknown, ValueTooLong.
    """
    now = clock.now()
    Patient.objects.locked().get(pk=patient.pk)
    earlier = locked_versions(patient.hospital_id, prescribed.number)
    _refuse_difference(earlier, patient=patient, prescribed=prescribed)
    newest = max((one for one, _ in earlier), key=lambda one: one.version, default=None)
    if newest is not None and not _overtakes(prescribed, newest):
        return newest
    if any(one.status == Prescription.Status.HANDED_OVER for one, _ in earlier):
        raise AlreadyHandedOver(version=prescribed.version)
    prescription = _prescription(patient, prescribed=prescribed, now=now)
    lines = [] if prescribed.is_withdrawn else _lines(prescription, drugs=prescribed.drugs)

    _make_room(earlier, prescribed=prescribed)
    if newest is not None and newest.version == prescribed.version:
        return newest  # the doctor took this very version back
    prescription.amount_fen = sum(line.amount_fen for line in lines)
    for row in (prescription, *lines):
        write(row)
    if not prescribed.is_withdrawn:
        _charge(prescription, patient=patient)
    announce_change(prescription)
    return prescription


Versions = list[tuple[Prescription, Charge | None]]


def _overtakes(prescribed: Prescribed, newest: Prescription) -> bool:
    """A higher version does, and the word to stop does where the same version still counts."""
    stops = prescribed.is_withdrawn and newest.status != Prescription.Status.WITHDRAWN
    least = newest.version if stops else newest.version + 1
    return prescribed.version >= least


def _make_room(earlier: Versions, *, prescribed: Prescribed) -> None:
    """No earlier version is live any more."""
    status = Prescription.Status
    for one, charge in earlier:
        is_same = one.version == prescribed.version
        if one.is_live:
            take_away(one, charge=charge, status=status.WITHDRAWN if is_same else status.REPLACED)


def _refuse_difference(earlier: Versions, *, patient: Patient, prescribed: Prescribed) -> None:
    """Raises PrescriptionDiffers for another patient's number or another text of a version."""
    for one, _ in earlier:
        is_stopped = prescribed.is_withdrawn or one.status == Prescription.Status.WITHDRAWN
        is_twin = one.version == prescribed.version and not is_stopped
        if one.patient_id != patient.pk or (is_twin and one.content_index != prescribed.index):
            raise PrescriptionDiffers(prescription_id=one.pk)


def _prescription(patient: Patient, *, prescribed: Prescribed, now: datetime) -> Prescription:
    """The row, without its amount. Raises NoOpenVisit, PrescriptionExpired."""
    issued_at = min(prescribed.issued_at or now, now)
    expires_at = valid_until(issued_at, hospital_id=patient.hospital_id)
    if now >= expires_at and not prescribed.is_withdrawn:
        raise PrescriptionExpired(expired_at=expires_at)
    status = Prescription.Status
    prescription = Prescription(
        id=new_id(),
        hospital_id=patient.hospital_id,
        patient=patient,
        visit=_visit(patient, now=now),
        number=prescribed.number,
        version=prescribed.version,
        content_index=prescribed.index,
        status=status.WITHDRAWN if prescribed.is_withdrawn else status.ISSUED,
        pickup_code=f"{secrets.randbelow(1_000_000):06d}",
        issued_at=issued_at,
        expires_at=expires_at,
        received_at=now,
        changed_at=now,
    )
    refuse_overlong(prescription)
    return prescription


def _visit(patient: Patient, *, now: datetime) -> Visit:
    """The open visit, or the last one of today: the doctor may end it first. Raises NoOpenVisit."""
    midnight = datetime.combine(clock.local(now), time(0, 0), tzinfo=clock.HOSPITAL_ZONE)
    at_hand = models.Q(status=Visit.Status.OPEN) | models.Q(began_at__gte=midnight)
    visits = Visit.objects.filter(at_hand, hospital_id=patient.hospital_id, patient=patient)
    visit = visits.order_by("-began_at", "-id").first()
    if visit is None:
        raise NoOpenVisit
    return visit


def valid_until(issued_at: datetime, *, hospital_id: UUID) -> datetime:
    """The midnight that ends its last day: 1 day is the day of issue (处方管理办法 18)."""
    days = policy_of(hospital_id, now=issued_at).prescription_valid_days
    last = clock.local(issued_at).date() + timedelta(days=days)
    return datetime.combine(last, time(0, 0), tzinfo=clock.HOSPITAL_ZONE)


def _lines(prescription: Prescription, *, drugs: tuple[Drug, ...]) -> list[PrescriptionLine]:
    """The drugs with their prices. Raises PrescriptionUnfit, DrugPriceUnknown."""
    if not drugs or any(not 0 < drug.quantity <= MOST for drug in drugs):
        raise PrescriptionUnfit
    listed = dict(
        PriceItem.objects.filter(
            hospital_id=prescription.hospital_id, code__in=[drug.code for drug in drugs]
        ).values_list("code", "price_fen")
    )
    return [
        _line(prescription, drug=drug, position=n, price_fen=listed.get(drug.code, drug.price_fen))
        for n, drug in enumerate(drugs, start=1)
    ]


def _line(
    prescription: Prescription, *, drug: Drug, position: int, price_fen: int | None
) -> PrescriptionLine:
    if price_fen is None:
        raise DrugPriceUnknown(drug=drug.code)
    said = {
        name: value for name, value in asdict(drug).items() if name not in {"price_fen", "quantity"}
    }
    amount = (drug.quantity * price_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if amount > DEAREST_FEN:
        raise PrescriptionUnfit
    line = PrescriptionLine(
        hospital_id=prescription.hospital_id,
        prescription=prescription,
        position=position,
        quantity=drug.quantity,
        price_fen=price_fen,
        amount_fen=int(amount),
        **said,
    )
    refuse_overlong(line)
    return line


def _charge(prescription: Prescription, *, patient: Patient) -> None:
    open_charge(
        purpose=PURPOSE,
        subject_id=prescription.pk,
        patient=patient,
        amount_fen=prescription.amount_fen,
        title=CHARGE_TITLE,
        due_until=prescription.expires_at,
    )
