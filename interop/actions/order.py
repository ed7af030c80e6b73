"""The hospital system asks for something to be done, or no longer to be done."""

from uuid import UUID

from common.commands import action
from interop.errors import ControlUnsupported
from interop.hl7v2.orders import ORDER_KINDS, OrderLine, read_order
from interop.models import Received
from interop.people import patient_meant
from patients.models import Patient
from payments.models import Charge
from visits.actions.order import place_order, withdraw_order
from visits.asked import Asked
from visits.errors import OrderUnknown
from visits.models import ORDER_PURPOSE, Order

KINDS = ORDER_KINDS
PLACING = frozenset({"NW"})
WITHDRAWING = frozenset({"CA", "DC", "OC"})  # cancel, discontinue, cancelled by the filler


@action
def apply_order(received: Received) -> UUID:
    """Every line of the message is placed or withdrawn, all or none. The id of the first.

    Raises Unreadable, PatientNotFound, PatientDiffers, ControlUnsupported, OrderUnknown, and what
    placing and withdrawing refuse.
    """
    told = read_order(received.message(), profile=received.sender.hl7_profile)
    patient = patient_meant(told.patient, hospital_id=received.hospital_id)
    for line in told.lines:
        if line.control not in PLACING | WITHDRAWING:
            raise ControlUnsupported(control=line.control)
    leaving = _leaving(patient, [line for line in told.lines if line.control in WITHDRAWING])

    placed = [
        place_order(patient=patient, asked=_asked(line))
        for line in told.lines
        if line.control in PLACING
    ]
    withdrawn = [withdraw_order(order_id=order.pk) for order in leaving]
    return [*placed, *withdrawn][0].pk


def _asked(line: OrderLine) -> Asked:
    return Asked(
        placer_number=line.placer_number,
        code=line.code,
        name=line.name,
        filler_number=line.filler_number,
    )


def _leaving(patient: Patient, lines: list[OrderLine]) -> list[Order]:
    """The orders to withdraw, by key; their charges are locked before any order is."""
    orders = sorted((_known(patient, line) for line in lines), key=lambda order: order.pk)
    keys = [order.pk for order in orders]
    list(Charge.objects.locked().filter(purpose=ORDER_PURPOSE, subject_id__in=keys))
    return orders


def _known(patient: Patient, line: OrderLine) -> Order:
    order = Order.objects.filter(
        hospital_id=patient.hospital_id,
        patient=patient,
        placer_number=line.placer_number,
        code=line.code,
    ).first()
    if order is None:
        raise OrderUnknown
    return order
