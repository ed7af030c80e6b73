"""Visits with something to tell, and their records."""

from uuid import UUID

from accounts.models import Account
from hospitals.models import Hospital
from papers.models import Paper
from patients.models import Patient
from payments.models import Charge
from records.actions import issue_record
from records.composing import with_what_a_record_needs
from records.preparing import with_prepared
from tests.make import clinic as make_clinic
from tests.make import queueing as make_queueing
from tests.make.accounts import account as make_account
from tests.make.patients import patient as make_patient
from tests.make.settling import settlement
from visits.actions.order import perform_order, place_order
from visits.asked import Asked
from visits.models import Order, Visit


def visit(
    *,
    hospital: Hospital | None = None,
    patient: Patient | None = None,
    account: Account | None = None,
    name: str = "王建国",
) -> Visit:
    """A visit that began when the patient checked in this morning."""
    slot = make_queueing.clinic_today(hospital=hospital or (patient.hospital if patient else None))
    who = account or make_account()
    treated = patient or make_patient(hospital=slot.hospital, account=who, name=name)
    ticket = make_queueing.arrived(
        slot, appointment=make_queueing.booked(slot, patient=treated, account=who)
    )
    return as_read(ticket.visit_id)


def as_read(visit_id: UUID) -> Visit:
    """The visit as the edges read it."""
    return with_what_a_record_needs(Visit.objects.all()).get(pk=visit_id)


def order(visit: Visit, *, code: str = "XCG", name: str = "血常规", number: str = "") -> Order:
    """Something a doctor asked for at the visit."""
    make_clinic.price(hospital=visit.hospital, code=code, name=name)
    return place_order(
        patient=visit.patient,
        asked=Asked(placer_number=number or f"P-{code}", code=code, name=name),
    )


def performed(order: Order) -> Order:
    """The same, paid and done."""
    settlement(Charge.objects.get(subject_id=order.pk))()
    return perform_order(order_id=order.pk)


def issued(visit: Visit, *, account: Account | None = None) -> Paper:
    """The visit's record as a paper."""
    who = account or make_account()
    return with_prepared(visit, lambda prepared: issue_record(prepared=prepared, account=who))
