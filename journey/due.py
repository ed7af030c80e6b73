"""One list of what is due, counted."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from common import clock
from hospitals.models import Hospital
from patients.models import Grant, Scope
from payments.models import Charge


@dataclass(frozen=True)
class Due:
    """What the account's people still have to pay in one hospital."""

    count: int
    total_fen: int


def due_of(grants: list[Grant], hospital: Hospital) -> Due:
    """The open charges of everybody for whom the grants let one pay. One statement."""
    patients = [grant.patient_id for grant in grants if grant.allows(Scope.PAY)]
    charges = Charge.objects.of_hospital(hospital.pk).of_patients(patients)
    found = charges.payable(clock.now()).aggregate(count=Count("pk"), fen=Sum("amount_fen"))
    return Due(count=found["count"], total_fen=found["fen"] or 0)
