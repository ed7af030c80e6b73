"""What the pharmacy answers when other apps ask."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts.frames import StaffLink
from accounts.models import Role, Staff
from common import clock
from common.live import StreamName
from notifications.models import Message
from patients.models import Patient
from pharmacy.models import Prescription
from pharmacy.words import Status
from visits.asking import DayStep
from visits.reading import PartRow, RecordPart

ROLES = (str(Role.PHARMACIST),)
MAY_SEE_DRUGS = frozenset({Role.DOCTOR, Role.NURSE, Role.PHARMACIST})
MOST_IN_RECORD = 10
STEP_OF: Mapping[str, tuple[str, str]] = {
    Status.ISSUED: ("缴费后取药", "next"),
    Status.PAID: ("正在等待配药", "next"),
    Status.PREPARING: ("正在配药", "next"),
    Status.READY: ("取药", "now"),
    Status.HANDED_OVER: ("已取药", "done"),
    Status.RETURNED: ("处方由医生修改中", "next"),
    Status.EXPIRED: ("处方已失效", "missed"),
}


def facts_of_prescription(message: Message) -> dict[str, str]:
    """Where to collect the drugs, and until when; no drug is named."""
    prescription = Prescription.objects.select_related("hospital").get(pk=message.about_id)
    last = clock.local(prescription.expires_at) - timedelta(minutes=1)
    return {
        "hospital": prescription.hospital.name,
        "window": prescription.window,
        "pickup_code": prescription.pickup_code,
        "valid_until": f"{last:%Y-%m-%d %H:%M}",
        "reason": prescription.get_return_reason_display(),
    }


def may_follow_pharmacy(account_id: UUID, stream: StreamName) -> bool:
    """The hospital's pharmacists follow its pharmacy."""
    return (
        stream.subject_id == stream.hospital_id
        and Staff.objects.filter(
            account_id=account_id,
            account__is_active=True,
            hospital_id=stream.hospital_id,
            role__in=ROLES,
        ).exists()
    )


def steps_of_day(patient: Patient, day: date) -> list[DayStep]:
    """The patient's prescriptions of the day, as they stand."""
    begins = datetime.combine(day, time(0, 0), tzinfo=clock.HOSPITAL_ZONE)
    rows = Prescription.objects.filter(
        hospital_id=patient.hospital_id,
        patient=patient,
        issued_at__gte=begins,
        issued_at__lt=begins + timedelta(days=1),
        status__in=list(STEP_OF),
    ).select_related("hospital")
    return [
        DayStep(
            at=row.changed_at,
            title=STEP_OF[row.status][0],
            place=row.window,
            state=STEP_OF[row.status][1],
            href=f"/m/{row.hospital.code}/prescriptions/",
        )
        for row in rows
    ]


def place_of_work(staff: Staff) -> list[StaffLink]:
    """The pharmacy, for pharmacists."""
    if staff.role not in ROLES:
        return []
    return [
        StaffLink("药房", href=f"/staff/{staff.hospital.code}/pharmacy/", order=30, icon="pill")
    ]


def prescriptions_part(staff: Staff, patient: Patient) -> list[RecordPart]:
    """What was prescribed, for doctors, nurses and pharmacists."""
    if staff.role not in MAY_SEE_DRUGS:
        return []
    found = (
        Prescription.objects.filter(hospital_id=staff.hospital_id, patient=patient)
        .exclude(status=Status.REPLACED)
        .prefetch_related("lines")
        .order_by("-id")[:MOST_IN_RECORD]
    )
    rows = [
        PartRow(
            title="、".join(line.name for line in one.lines.all()),
            detail=f"{clock.local(one.issued_at):%Y-%m-%d %H:%M}",
            badge=one.get_status_display(),
        )
        for one in found
    ]
    return [RecordPart(title="处方", order=30, rows=rows)]
