"""What staff may see of one patient in one place (就诊概况), each app by its own rule."""

from dataclasses import dataclass, field

from accounts.frames import StaffLink
from accounts.models import Role, Staff
from common import clock
from common.asking import Question
from patients.models import Patient
from patients.quota import IN_CARE
from visits.models import Visit

MOST_VISITS = 10
AUDITORS = (Role.AUDITOR, Role.MANAGER)
MARKERS = (Role.RECORDS_OFFICE, Role.AUDITOR)


@dataclass(frozen=True)
class PartRow:
    """One line: what, more about it, and how it stands."""

    title: str
    detail: str = ""
    badge: str = ""
    href: str = ""


@dataclass(frozen=True)
class RecordPart:
    """One card of the page."""

    title: str
    order: int
    rows: list[PartRow] = field(default_factory=list)


# Who registers answers with what this staff member may see of the patient, or none. Asked only
# after a reason to read was found and the line was left.
record_parts: Question[[Staff, Patient], list[RecordPart]] = Question("record_parts")


def parts_for(staff: Staff, patient: Patient) -> list[RecordPart]:
    """Every card of the page, in order."""
    parts = [part for answer in record_parts.ask(staff, patient) for part in answer]
    return sorted(parts, key=lambda part: (part.order, part.title))


def visits_part(staff: Staff, patient: Patient) -> list[RecordPart]:
    """When and where the patient was seen."""
    rows = Visit.objects.filter(hospital_id=staff.hospital_id, patient=patient)
    found = rows.select_related("department").order_by("-began_at", "-pk")[:MOST_VISITS]
    shown = [
        PartRow(
            title=f"{one.department.name} {one.get_kind_display()}",
            detail=f"{clock.local(one.began_at):%Y-%m-%d %H:%M}",
            badge=one.get_status_display(),
        )
        for one in found
    ]
    return [RecordPart(title="就诊", order=10, rows=shown)]


def reading_links(staff: Staff) -> list[StaffLink]:
    """查找患者 for who treats, 查阅审计 for the auditor and the manager, 特殊标记."""
    home = f"/staff/{staff.hospital.code}"
    links = []
    if staff.role in IN_CARE:
        links.append(StaffLink("查找患者", href=f"{home}/records/find/", order=60, icon="search"))
    if staff.role in AUDITORS:
        links.append(StaffLink("查阅审计", href=f"{home}/audit/", order=10, icon="search"))
    if staff.role in MARKERS:
        links.append(StaffLink("特殊标记", href=f"{home}/marks/", order=70, icon="person"))
    return links
