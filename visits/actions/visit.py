"""A patient comes and goes."""

from booking.models import Appointment
from clinic.models import Department
from common import clock
from common.commands import action, write
from patients.models import Patient
from visits.models import Visit


@action
def begin_visit(*, appointment: Appointment) -> Visit:
    """The outpatient visit of a booked appointment, begun now where it has not begun.

    The appointment must be locked, so two begin it once.
    """
    known = Visit.objects.filter(appointment=appointment).first()
    if known is not None:
        return known

    visit = Visit(
        hospital_id=appointment.hospital_id,
        patient_id=appointment.patient_id,
        kind=Visit.Kind.OUTPATIENT,
        department_id=appointment.department_id,
        doctor_id=appointment.session.doctor_id,
        appointment=appointment,
        began_at=clock.now(),
    )
    write(visit)
    return visit


@action
def begin_stay(*, patient: Patient, ward: Department) -> Visit:
    """A new inpatient visit on a ward, begun now."""
    visit = Visit(
        hospital_id=patient.hospital_id,
        patient=patient,
        kind=Visit.Kind.INPATIENT,
        department=ward,
        began_at=clock.now(),
    )
    write(visit)
    return visit


@action
def end_visit(*, visit: Visit) -> Visit:
    """The patient goes home. Repeatable."""
    locked = Visit.objects.locked().get(pk=visit.pk)
    if locked.status == Visit.Status.OPEN:
        locked.move_to(Visit.Status.ENDED, ended_at=clock.now())
    return locked
