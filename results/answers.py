"""What results answer when other apps ask."""

from datetime import date, datetime, time, timedelta

from django.urls import reverse

from accounts.models import Role, Staff
from common import clock
from notifications.models import Message
from patients.models import Patient, Scope
from results.models import Report, ReportVersion
from results.words import STATUS_BADGES
from visits.asking import DayStep
from visits.reading import PartRow, RecordPart

MOST_IN_RECORD = 20


def facts_of_report(message: Message) -> dict[str, str]:
    """When the report's newest version was issued; nothing of what it says, not even its name."""
    report = Report.objects.select_related("hospital").get(pk=message.about_id)
    newest = ReportVersion.objects.filter(report=report).newest_first()[0]
    return {
        "hospital": report.hospital.name,
        "issued_at": f"{clock.local(newest.issued_at):%Y-%m-%d %H:%M}",
    }


def steps_of_day(patient: Patient, day: date) -> list[DayStep]:
    """The reports that were issued for the patient on the day."""
    begins = datetime.combine(day, time(0, 0), tzinfo=clock.HOSPITAL_ZONE)
    ends = begins + timedelta(days=1)
    reports = (
        Report.objects.filter(hospital_id=patient.hospital_id, patient=patient)
        .filter(versions__issued_at__gte=begins, versions__issued_at__lt=ends)
        .distinct()
        .with_newest()
        .select_related("hospital")
    )
    return [
        DayStep(
            at=report.newest_issued_at,
            title=f"{report.name}：{STATUS_BADGES[report.newest_status][1]}",
            place="",
            state="next" if report.newest_status == ReportVersion.Status.PRELIMINARY else "done",
            href=f"/m/{report.hospital.code}/reports/{report.pk}/",
            scope=Scope.REPORTS,
        )
        for report in reports
        if begins <= report.newest_issued_at < ends
    ]


def reports_part(staff: Staff, patient: Patient) -> list[RecordPart]:
    """Which reports there are, for doctors; what they say stands on their own page."""
    if staff.role != Role.DOCTOR:
        return []
    found = Report.objects.filter(hospital_id=staff.hospital_id, patient=patient).with_newest()
    href = reverse(
        "patient_reports", kwargs={"code": staff.hospital.code, "patient_id": patient.pk}
    )
    rows = [
        PartRow(
            title=one.name,
            detail=f"{clock.local(one.newest_issued_at):%Y-%m-%d %H:%M}",
            badge=STATUS_BADGES[one.newest_status][1],
            href=href,
        )
        for one in found.order_by("-id")[:MOST_IN_RECORD]
    ]
    return [RecordPart(title="检查检验报告", order=20, rows=rows)]
