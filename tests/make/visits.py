"""Visits and orders."""

from booking.models import Appointment
from common.commands import command
from patients.models import Patient
from tests.make import booking as make_booking
from tests.make import clinic as make_clinic
from tests.make.patients import patient as make_patient
from visits.actions.order import place_order
from visits.actions.visit import begin_visit
from visits.asked import Asked
from visits.models import Order, Visit


def visit(*, patient: Patient | None = None) -> Visit:
    """An open outpatient visit of a patient who booked."""
    who = patient or make_patient()
    slot = make_booking.slot(hospital=who.hospital)
    appointment = make_booking.appointment(slot=slot, patient=who)
    with command():
        locked = Appointment.objects.locked().get(pk=appointment.pk)
        return begin_visit(appointment=locked)


def order(*, visit: Visit, number: str = "P1", code: str = "CBC", fee_fen: int = 2500) -> Order:
    """An order of the visit, priced and charged."""
    make_clinic.price(hospital=visit.hospital, code=code, price_fen=fee_fen)
    asked = Asked(placer_number=number, code=code, name="血常规")
    return place_order(patient=visit.patient, asked=asked)
