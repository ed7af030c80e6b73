"""What inpatient answers when other apps ask."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from accounts.frames import StaffLink
from accounts.models import Account, Role, Staff
from common import clock
from common.templatetags.kit import day_cn, yuan
from inpatient.bill import bill_of
from inpatient.models import Admission, DailyList
from notifications.models import Message
from patients.leaving import spoken_for, years_after
from patients.models import Patient, Scope
from patients.news import Kept
from visits.asking import DayStep

RECORD_YEARS = 30  # from the last discharge (domain 4.9)


def facts_of_admission(message: Message) -> dict[str, str]:
    """Where the patient lies, and since when."""
    admission = _admission(message.about_id)
    return _place_of(admission) | {"time": _time_of(admission.admitted_at)}


def facts_of_daily_list(message: Message) -> dict[str, str]:
    """A day's sum, and what is left of the deposits, as they are when it is told."""
    listed = DailyList.objects.annotate(fen=Sum("lines__amount_fen")).get(pk=message.about_id)
    admission = _admission(listed.admission_id)
    bill = bill_of(admission)
    return _place_of(admission) | {
        "date": day_cn(listed.on),
        "day_total": yuan(listed.fen or 0),
        "total": yuan(bill.lines_fen),
        "left": yuan(bill.held_fen - bill.open_fen),
    }


def facts_of_discharge(message: Message) -> dict[str, str]:
    """What the stay cost, and what goes back to who paid it."""
    admission = _admission(message.about_id)
    bill = bill_of(admission)
    return _place_of(admission) | {
        "time": _time_of(admission.discharged_at),
        "total": yuan(bill.lines_fen),
        "paid": yuan(bill.paid_fen),
        "returned": yuan(bill.returned_fen),
    }


def steps_of_stay(patient: Patient, on: date) -> list[DayStep]:
    """Coming onto the ward, each day on it, and going home."""
    rows = Admission.objects.of_hospital(patient.hospital_id).filter(patient=patient)
    steps = [_step(row, on) for row in rows.select_related("hospital", "ward", "bed")]
    return [replace(step, scope=Scope.INPATIENT) for step in steps if step is not None]


def _step(stay: Admission, on: date) -> DayStep | None:
    """The step of one stay on one day, if it has one."""
    came = stay.admitted_at and clock.local(stay.admitted_at).date()
    left = stay.discharged_at and clock.local(stay.discharged_at).date()
    place = f"{stay.ward.name} {stay.bed.number}床" if stay.bed else stay.ward.name
    href = f"/m/{stay.hospital.code}/stay/"
    if stay.status == Admission.Status.ASKED and stay.wanted_on <= on:
        return DayStep(at=stay.asked_at, title="办理入院", place=place, state="next", href=href)
    if stay.discharged_at is not None and left == on:
        return DayStep(at=stay.discharged_at, title="出院", place=place, state="done", href=href)
    if stay.admitted_at is not None and came is not None and came <= on and left is None:
        return DayStep(at=stay.admitted_at, title="住院", place=place, state="now", href=href)
    return None


def _admission(admission_id: UUID) -> Admission:
    return Admission.objects.select_related("hospital", "ward", "bed").get(pk=admission_id)


def _place_of(admission: Admission) -> dict[str, str]:
    bed = f"{admission.bed.number}床" if admission.bed else ""
    return {"hospital": admission.hospital.name, "ward": admission.ward.name, "bed": bed}


def _time_of(moment: datetime | None) -> str:
    """`2026-03-02 08:30`, as WeChat's type `time` wants it."""
    return f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else ""


def ward_links(staff: Staff) -> list[StaffLink]:
    """病区 for nurses and doctors; a nurse admits, a doctor asks."""
    home = f"/staff/{staff.hospital.code}"
    wards = StaffLink("病区", href=f"{home}/wards/", order=30, icon="bed")
    if staff.role == Role.NURSE:
        waiting = Admission.objects.of_hospital(staff.hospital_id).asked().count()
        admit = StaffLink(
            "办理入院", href=f"{home}/admissions/new", order=31, icon="person", count=waiting
        )
        return [wards, admit]
    if staff.role == Role.DOCTOR:
        ask = StaffLink("开住院证", href=f"{home}/admissions/ask/", order=31, icon="paper")
        return [wards, ask]
    return []


def why_account_stays(account: Account) -> list[str]:
    """`open_admission`: somebody whom the account speaks for lies here, or will."""
    rows = Admission.objects.live().filter(patient__in=spoken_for(account))
    return ["open_admission"] if rows.exists() else []


def kept_stays(patient: Patient) -> list[Kept]:
    """The records of the stays (住院病历)."""
    rows = Admission.objects.of_hospital(patient.hospital_id).filter(patient=patient)
    last = rows.exclude(admitted_at=None).order_by("-admitted_at").first()
    if last is None:
        return []
    until = years_after(clock.local(last.discharged_at or clock.now()).date(), RECORD_YEARS)
    return [Kept("住院病历", "医疗机构管理条例实施细则：从最后一次出院起保存 30 年", until)]
