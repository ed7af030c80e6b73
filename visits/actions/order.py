"""Something is to be done, is paid, is done, or is not."""

from uuid import UUID

from clinic.models import PriceItem
from common import clock
from common.commands import action, write
from common.errors import MoveRefused
from patients.models import Patient
from payments.actions.charge import open_charge, withdraw_charge
from payments.actions.keep import keep_charge
from payments.actions.refund import promise_refund
from payments.models import Charge
from visits.asked import Asked
from visits.errors import NoOpenVisit, OrderDiffers, OrderUnknown, OrderUnpaid, PriceUnknown
from visits.models import ORDER_PURPOSE, Order, Visit


@action
def place_order(*, patient: Patient, asked: Asked) -> Order:
    """Add an order to the patient's open visit and charge it. The same order twice is once.

    Raises NoOpenVisit, PriceUnknown, OrderDiffers.
    """
    visit = (
        Visit.objects.taking_orders(clock.now())
        .filter(hospital_id=patient.hospital_id, patient=patient)
        .order_by("pk")
        .locked()
        .last()
    )
    if visit is None:
        raise NoOpenVisit
    known = Order.objects.filter(
        hospital_id=patient.hospital_id, placer_number=asked.placer_number, code=asked.code
    ).first()
    if known is not None:
        if known.patient_id != patient.pk:
            raise OrderDiffers(order_id=known.pk)
        return known
    price = PriceItem.objects.filter(hospital_id=patient.hospital_id, code=asked.code).first()
    if price is None:
        raise PriceUnknown(item=asked.code)

    order = Order.to_place(visit, asked=asked, price=price)
    write(order)
    open_charge(
        purpose=ORDER_PURPOSE,
        subject_id=order.pk,
        patient=patient,
        amount_fen=order.fee_fen,
        title=order.name,
        due_until=None,
    )
    return order


def ready_paid_order(charge: Charge) -> None:
    """The order's charge is paid: it may be done now. Money for a withdrawn one goes back."""
    order = Order.objects.locked().get(pk=charge.subject_id)

    if order.status == Order.Status.PLACED:
        order.move_to(Order.Status.READY)
    else:
        promise_refund(charge=charge, reason="order_withdrawn")


@action
def perform_order(*, order_id: UUID, filler_number: str = "") -> Order:
    """The order was carried out; what was paid for it is kept. Repeatable.

    Raises OrderUnknown, OrderUnpaid, MoveRefused.
    """
    charge, order = _locked(order_id)
    if order.status == Order.Status.PERFORMED:
        return order
    if order.status == Order.Status.PLACED:
        raise OrderUnpaid(order_id=order_id)
    if not order.can_move_to(Order.Status.PERFORMED):
        raise MoveRefused(now=order.status, asked=Order.Status.PERFORMED)

    filler = filler_number or order.filler_number
    order.move_to(Order.Status.PERFORMED, performed_at=clock.now(), filler_number=filler)
    keep_charge(charge=charge)
    return order


@action
def withdraw_order(*, order_id: UUID) -> Order:
    """The order will not be carried out; what was paid for it goes back. Repeatable.

    Raises OrderUnknown, MoveRefused.
    """
    charge, order = _locked(order_id)
    if order.status == Order.Status.WITHDRAWN:
        return order
    if not order.can_move_to(Order.Status.WITHDRAWN):
        raise MoveRefused(now=order.status, asked=Order.Status.WITHDRAWN)

    order.move_to(Order.Status.WITHDRAWN)
    if charge.status == Charge.Status.PAID:
        promise_refund(charge=charge, reason="order_withdrawn")
    else:
        withdraw_charge(charge=charge)
    return order


def _locked(order_id: UUID) -> tuple[Charge, Order]:
    """The order and its charge, locked in order. Raises OrderUnknown."""
    charge = Charge.objects.locked().filter(purpose=ORDER_PURPOSE, subject_id=order_id).first()
    order = Order.objects.locked().filter(pk=order_id).first()
    if charge is None or order is None:
        raise OrderUnknown(order_id=order_id)
    return charge, order
