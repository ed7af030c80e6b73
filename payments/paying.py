"""Which charges and payments an account may see: it starts from its own grants and itself."""

from collections.abc import Iterable
from uuid import UUID

from common import clock
from hospitals.models import Hospital
from patients.models import Grant, Scope
from payments.errors import ChargeUnknown, PaymentUnknown
from payments.models import Charge, ChargeQuerySet, PaymentOrder


def charges_for(account_id: UUID, hospital: Hospital) -> ChargeQuerySet:
    """Everything owed or paid here by those for whom the account may pay."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id).filter(hospital=hospital)
    patients = [grant.patient_id for grant in grants if grant.allows(Scope.PAY)]
    return Charge.objects.of_hospital(hospital.pk).of_patients(patients)


def refuse_strange_charges(
    charge_ids: Iterable[UUID], *, account_id: UUID, hospital: Hospital
) -> None:
    """Raises ChargeUnknown where the account may not pay one of them."""
    wanted = set(charge_ids)
    known = set(
        charges_for(account_id, hospital).filter(pk__in=wanted).values_list("pk", flat=True)
    )
    for strange in sorted(wanted - known, key=str):
        raise ChargeUnknown(charge_id=strange)


def payment_for(account_id: UUID, hospital: Hospital, *, payment_id: UUID) -> PaymentOrder:
    """The account's own payment. Raises PaymentUnknown, also for another's."""
    payment = (
        PaymentOrder.objects.of_hospital(hospital.pk)
        .filter(payer_id=account_id, pk=payment_id)
        .select_related("merchant__mini_program")
        .first()
    )
    if payment is None:
        raise PaymentUnknown(payment_id=payment_id)
    return payment
