"""Wards, and stays as doctors ask for them and nurses begin them."""

from datetime import date
from uuid import uuid4

from accounts.models import Role, Staff
from booking.models import Appointment
from clinic.models import Bed, Department, Doctor
from common import clock
from hospitals.models import Hospital
from inpatient.actions.admit import admit
from inpatient.actions.ask import ask_admission
from inpatient.actions.deposit import ask_deposit
from inpatient.actions.line import Charged, add_daily_line
from inpatient.identity import Given
from inpatient.models import Admission, DailyLine, Deposit
from patients.models import Patient
from tests.make.accounts import staff
from tests.make.booking import appointment, slot
from tests.make.clinic import bed, department, price
from tests.make.hospitals import hospital as make_hospital
from tests.make.patients import patient as make_patient
from tests.make.settling import settlement
from visits.actions.visit import begin_visit, end_visit
from visits.models import Visit


def ward(*, hospital: Hospital | None = None, beds: int = 2) -> Department:
    """A ward with empty beds."""
    made = department(hospital=hospital or make_hospital(), name="心内科病区")
    for number in range(1, beds + 1):
        bed(ward=made, number=number)
    return made


def nurse(*, hospital: Hospital) -> Staff:
    """A nurse of the hospital, made once: nobody minds which one it is."""
    known = Staff.objects.filter(hospital=hospital, role=Role.NURSE).first()
    return known or staff(hospital=hospital, role=Role.NURSE, name="何雨")


def visit_with(doctor: Staff, *, patient: Patient) -> Visit:
    """An open visit of the patient to the doctor's department."""
    made = appointment(slot=slot(hospital=patient.hospital, fee_fen=0), patient=patient)
    session = Appointment.objects.get(pk=made.pk).session
    Doctor.objects.filter(pk=session.doctor_id).update(staff=doctor)
    return begin_visit(appointment=made)


def asked_admission(
    *, ward: Department | None = None, patient: Patient | None = None, on: date | None = None
) -> Admission:
    """A patient whom a doctor sent to the ward, and whose visit is over."""
    to = ward or _ward()
    who = patient or make_patient(hospital=to.hospital)
    doctor = staff(hospital=to.hospital, role=Role.DOCTOR)
    visit = visit_with(doctor, patient=who)
    asked = ask_admission(
        patient_id=who.pk, ward_id=to.pk, wanted_on=on or clock.today(), doctor=doctor
    )
    end_visit(visit=visit)
    return asked


_ward = ward


def given(patient: Patient) -> Given:
    """What the patient says and shows at the bed."""
    return Given(name=patient.name, document_last_four=patient.document_number[-4:])


def admission(*, ward: Department | None = None, patient: Patient | None = None) -> Admission:
    """A patient in the first free bed of the ward."""
    asked = asked_admission(ward=ward, patient=patient)
    free = Bed.objects.filter(ward=asked.ward, admission_id=None).order_by("number")
    return admit(
        admission_id=asked.pk,
        bed_id=free[0].pk,
        given=given(asked.patient),
        nurse=nurse(hospital=asked.hospital),
    )


def paid_deposit(stay: Admission, *, amount_fen: int) -> Deposit:
    """A deposit that was asked for and has been paid."""
    deposit = ask_deposit(
        admission_id=stay.pk, amount_fen=amount_fen, staff=nurse(hospital=stay.hospital)
    )
    settlement(deposit.charge)()
    return deposit


def daily_line(
    stay: Admission, *, amount_fen: int, source_number: str = "", on: date | None = None
) -> DailyLine:
    """One thing that costs this much, charged today unless told."""
    code = f"P{uuid4().hex[:12]}"
    price(hospital=stay.hospital, code=code, price_fen=amount_fen)
    charged = Charged(
        source_number=source_number or f"L{uuid4().hex[:12]}", on=on or clock.today(), code=code
    )
    return add_daily_line(
        admission_id=stay.pk, charged=charged, staff=nurse(hospital=stay.hospital)
    )
