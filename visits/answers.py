"""What visits answer when other apps ask."""

from datetime import date

from booking.models import Appointment
from common import clock
from patients.leaving import years_after
from patients.models import Patient
from patients.news import Kept
from visits.asking import DayStep
from visits.models import Visit

RECORD_YEARS = 15  # from the last visit (domain 4.9)
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


def kept_visits(patient: Patient) -> list[Kept]:
    """The records of the visits (门诊病历); the ward answers for those of stays."""
    rows = Visit.objects.filter(
        hospital_id=patient.hospital_id, patient=patient, kind=Visit.Kind.OUTPATIENT
    )
    last = rows.order_by("-began_at").values_list("began_at", flat=True).first()
    if last is None:
        return []
    until = years_after(clock.local(last).date(), RECORD_YEARS)
    return [Kept("门诊病历", "医疗机构管理条例实施细则：从最后一次就诊起保存 15 年", until)]
