"""Orders that are paid, and what laboratories issue for them."""

import itertools
from datetime import datetime, timedelta

from common import clock
from hospitals.models import Hospital
from patients.models import Patient
from payments.models import Charge
from results.actions.file import Issued, Observation
from results.models import ReportVersion
from tests.make.clinic import department, price
from tests.make.hospitals import hospital as make_hospital
from tests.make.patients import patient as make_patient
from tests.make.settling import settlement
from visits.actions.order import place_order
from visits.actions.visit import begin_stay
from visits.asked import Asked
from visits.models import ORDER_PURPOSE, Order, Visit

_numbers = itertools.count(1)


def order(*, patient: Patient | None = None, hospital: Hospital | None = None) -> Order:
    """A laboratory order of a patient who is in the house, placed and paid."""
    whose = patient or make_patient(hospital=hospital or make_hospital())
    if not Visit.objects.open().filter(patient=whose).exists():
        begin_stay(patient=whose, ward=department(hospital=whose.hospital))
    code = f"T{next(_numbers)}"
    price(hospital=whose.hospital, code=code)
    placed = place_order(
        patient=whose, asked=Asked(placer_number=f"A-{code}", code=code, name="血常规")
    )
    settlement(Charge.objects.get(purpose=ORDER_PURPOSE, subject_id=placed.pk))()
    return Order.objects.get(pk=placed.pk)


def issued(
    order: Order,
    *,
    status: str = ReportVersion.Status.FINAL,
    at: datetime | None = None,
    value: str = "5.2",
    flag: str = "",
) -> Issued:
    """A version of the order's report with one value, issued an hour ago unless told."""
    return Issued(
        filler_number=f"L-{order.placer_number}",
        code=order.code,
        name=order.name,
        status=ReportVersion.Status(status),
        issued_at=at or clock.now() - timedelta(hours=1),
        observations=(
            Observation(
                code="WBC",
                name="白细胞计数",
                value=value,
                unit="10*9/L",
                reference="3.5-9.5",
                flag=flag,
            ),
        ),
    )
