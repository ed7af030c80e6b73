"""What visits answer when other apps ask."""

from datetime import date

from booking.models import Appointment
from patients.models import Patient
from visits.asking import DayStep

STATES = {
    Appointment.Status.HELD: "next",
    Appointment.Status.BOOKED: "next",
    Appointment.Status.ARRIVED: "done",
    Appointment.Status.SEEN: "done",
    Appointment.Status.MISSED: "missed",
}


def steps_of_appointments(patient: Patient, on: date) -> list[DayStep]:
    """Arriving for each appointment of the day (booking stands too low to answer itself)."""
    rows = Appointment.objects.filter(
        hospital_id=patient.hospital_id, patient=patient, visit_on=on, status__in=STATES
    ).select_related("hospital", "department", "session__room", "visit")
    return [
        DayStep(
            at=row.visit.began_at if hasattr(row, "visit") else row.begins_at,
            title=f"{row.department.name} 签到",
            place=f"{row.session.room.place} {row.session.room.name}".strip(),
            state=STATES[Appointment.Status(row.status)],
            href=f"/m/{row.hospital.code}/visits/today/",
        )
        for row in rows
    ]
