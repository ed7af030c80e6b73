"""A laboratory issues a report, or another version of it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from common import clock
from common.commands import action, write, write_unless_there
from common.crypto import blind_index
from common.live import StreamName, announce
from notifications.actions.promise import promise_message
from notifications.actions.withdraw import withdraw_messages
from patients.models import Patient, Scope
from results.errors import ReportDiffers
from results.models import Report, ReportVersion
from results.words import ALL_TEMPLATES, TEMPLATE_OF
from visits.fitting import refuse_overlong
from visits.models import Order


@dataclass(frozen=True)
class Observation:
    """One line of a report, as it was sent. `reference` is never recomputed."""

    code: str
    name: str
    value: str
    unit: str = ""
    reference: str = ""
    flag: str = ""  # HL7 table 0078: H, L, HH, …
    is_pending: bool = False  # this line has no checked value yet
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Issued:
    """One version of a report, as the laboratory issued it. Personal: never logged."""

    filler_number: str
    code: str
    name: str
    status: ReportVersion.Status
    issued_at: datetime
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def content(self) -> dict[str, object]:
        """What is kept, encrypted."""
        return {
            "observations": [
                {**asdict(one), "notes": list(one.notes)} for one in self.observations
            ],
            "notes": list(self.notes),
        }


@action
def file_report(*, order: Order, issued: Issued) -> Report:
    """The version is kept; where it is the newest, it counts from now on, and the patient is told.

    The same version again changes nothing; one that a newer version overtook is kept in silence.
    Locks the report. Raises ReportDiffers, ValueTooLong.
    """
    now = clock.now()
    report = _locked_report(order, issued=issued)
    if report.patient_id != order.patient_id:
        raise ReportDiffers(report_id=report.pk)
    version = _version(report, issued=issued, received_at=now)
    if _is_known(version):
        return report
    newest = ReportVersion.objects.filter(report=report).newest_first().first()

    write(version)
    if newest is None or _place(version) > _place(newest):
        _tell(version, patient=order.patient)
    return report


def _locked_report(order: Order, *, issued: Issued) -> Report:
    """The report of this number, made where it is not there; nobody else files a version now."""
    numbers = {"hospital_id": order.hospital_id, "code": issued.code}
    same = Report.objects.filter(filler_number=issued.filler_number, **numbers)
    if not same.exists():
        report = Report(
            patient_id=order.patient_id,
            order=order,
            filler_number=issued.filler_number,
            name=issued.name,
            made_at=clock.now(),
            **numbers,
        )
        refuse_overlong(report)
        write_unless_there(report, columns=("hospital_id", "filler_number", "code"))
    return same.locked().get()


def _version(report: Report, *, issued: Issued, received_at: datetime) -> ReportVersion:
    plain = json.dumps(issued.content, sort_keys=True, ensure_ascii=False)
    return ReportVersion(
        hospital_id=report.hospital_id,
        report=report,
        status=issued.status,
        rank=ReportVersion.RANKS[issued.status],
        issued_at=issued.issued_at,
        received_at=received_at,
        content=issued.content,
        content_index=blind_index("report.content", f"{report.pk}:{plain}"),
    )


def _is_known(version: ReportVersion) -> bool:
    return ReportVersion.objects.filter(
        report=version.report,
        issued_at=version.issued_at,
        status=version.status,
        content_index=version.content_index,
    ).exists()


def _place(version: ReportVersion) -> tuple[datetime, int, datetime, str]:
    """As `newest_first` sorts."""
    return version.issued_at, version.rank, version.received_at, str(version.pk)


def _tell(version: ReportVersion, *, patient: Patient) -> None:
    """The screens follow; the patient hears of what was released, corrected or withdrawn."""
    report = version.report
    withdraw_messages(about=report, templates=ALL_TEMPLATES)  # no longer true
    if version.is_told:
        template = TEMPLATE_OF[version.status]
        promise_message(template=template, patient=patient, about=report, key=str(version.pk))
    announce(
        StreamName(report.hospital_id, "day", report.patient_id),
        "report",
        needs=Scope.REPORTS,
        report=report.pk,
        status=version.status,
    )
