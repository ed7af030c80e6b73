"""What the apps below have to say of a visit, as lines of its record."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from common import clock
from inpatient.models import Admission
from papers.typeset import JSON
from pharmacy.models import Prescription, PrescriptionLine
from results.models import Report, ReportVersion
from results.reading import Shown
from visits.models import Visit

UNREADABLE = {
    ReportVersion.Status.PRELIMINARY: "报告尚未审核，审核后请重新出具。",
    ReportVersion.Status.WITHDRAWN: "报告已撤回，请勿使用。",
}
CORRECTED = "本报告为修订版。"
UNDECIDED = "待报"  # one line of a report that has no checked value yet
# What the doctor or the pharmacist took back was never the patient's treatment.
UNTOLD = (
    Prescription.Status.RETURNED,
    Prescription.Status.REPLACED,
    Prescription.Status.WITHDRAWN,
)


def reports_of(visit: Visit) -> dict[UUID, list[Shown]]:
    """The newest version of each report, by the order it answers. Two statements."""
    reports = (
        Report.objects.filter(hospital_id=visit.hospital_id, order__visit=visit)
        .with_newest()
        .order_by("pk")
    )
    versions = ReportVersion.objects.in_bulk([report.newest_id for report in reports])
    by_order: dict[UUID, list[Shown]] = defaultdict(list)
    for report in reports:
        version = versions[report.newest_id]
        by_order[report.order_id].append(Shown(report=report, version=version))
    return by_order


def results_of(reports: Iterable[Shown]) -> list[JSON]:
    """Every value that may be shown, exactly as the laboratory sent it."""
    return [_result(line) for shown in reports for line in shown.lines]


def _result(line: dict[str, Any]) -> JSON:
    return {
        "name": line["name"],
        "value": UNDECIDED if line["is_pending"] else line["value"],
        "unit": line["unit"],
        "range": line["reference"],
        "flag": "" if line["is_pending"] else line["flag_sign"],
    }


def conclusion_of(reports: Iterable[Shown]) -> str:
    """What is to be known of the reports beside their values."""
    said: list[str] = []
    for shown in reports:
        status = ReportVersion.Status(shown.version.status)
        if status in UNREADABLE:
            said.append(UNREADABLE[status])
        if status == ReportVersion.Status.CORRECTED:
            said.append(CORRECTED)
        said += shown.notes
    return " ".join(said)


def prescriptions_of(visit: Visit) -> list[JSON]:
    """What was prescribed and how it went on. Two statements."""
    rows = (
        Prescription.objects.filter(hospital_id=visit.hospital_id, visit=visit)
        .exclude(status__in=UNTOLD)
        .prefetch_related("lines")
        .order_by("issued_at", "pk")
    )
    return [
        {
            "number": row.number,
            "at": f"{clock.local(row.issued_at):%Y-%m-%d %H:%M}",
            "state": row.get_status_display(),
            "items": [_drug(line) for line in sorted(row.lines.all(), key=lambda x: x.position)],
        }
        for row in rows
    ]


def _drug(line: PrescriptionLine) -> JSON:
    return {
        "name": line.name,
        "specification": line.strength,
        "dose": "",
        "usage": line.dose_text or " ".join(word for word in (line.route, line.frequency) if word),
        "days": f"{line.days} 天" if line.days else "",
        "quantity": f"{_plain(line.quantity)} {line.unit}".strip(),
    }


def _plain(quantity: Decimal) -> str:
    """Without zeros that say nothing: 2.000 is 2, 20 stays 20."""
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else f"{quantity:f}"


def bed_of(visit: Visit) -> str:
    """The last bed of a stay: "3床"."""
    stays = Admission.objects.of_hospital(visit.hospital_id).filter(visit=visit)
    stay = stays.select_related("bed").first()
    return f"{stay.bed.number}床" if stay is not None and stay.bed is not None else ""
