"""A laboratory's results become reports of ours, and their orders are performed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from common.commands import action
from interop.errors import ResultCancelled
from interop.hl7v2.profiles import ResultStatus
from interop.hl7v2.reports import Observation as Line
from interop.hl7v2.reports import Report as Told
from interop.hl7v2.reports import read_report
from interop.models import Received
from interop.people import patient_meant
from interop.unreadable import Reason, Unreadable
from patients.models import Patient
from payments.models import Charge
from results.actions.file import Issued, Observation, file_report
from results.models import Report, ReportVersion
from results.words import FLAGS
from visits.actions.order import perform_order
from visits.errors import OrderUnknown
from visits.models import ORDER_PURPOSE, Order

UNCHECKED = frozenset({ResultStatus.IN_PROCESS, ResultStatus.PRELIMINARY})
STATUSES = {
    ResultStatus.PRELIMINARY: ReportVersion.Status.PRELIMINARY,
    ResultStatus.FINAL: ReportVersion.Status.FINAL,
    ResultStatus.CORRECTED: ReportVersion.Status.CORRECTED,
    ResultStatus.WITHDRAWN: ReportVersion.Status.WITHDRAWN,
}


@dataclass(frozen=True)
class _Filing:
    """One report, and the order it is filed under; `is_own`: the order asked for just this."""

    issued: Issued
    order: Order
    is_own: bool

    @property
    def performs(self) -> bool:
        """Whether the order was carried out."""
        return self.is_own and self.issued.status != ReportVersion.Status.WITHDRAWN


@action
def apply_report(received: Received) -> UUID:
    """Every report of the message is filed and its order performed, all or none.

    A report whose number no order has is a test that the laboratory added to the message's known
    order. Returns the id of the first report, or of the order where nothing is to be had yet.
    Raises Unreadable, PatientNotFound, PatientDiffers, OrderUnknown, ResultCancelled, and what
    performing and filing refuse.
    """
    told = read_report(received.message(), profile=received.sender.hl7_profile)
    patient = patient_meant(told.patient, hospital_id=received.hospital_id)
    own = [_own_order(patient, report) for report in told.reports]
    first = next((order for order in own if order), None)
    if first is None:
        raise OrderUnknown
    otherwise = told.header.sent_at or received.received_at
    filings = [
        _Filing(issued=issued, order=order or first, is_own=order is not None)
        for report, order in zip(told.reports, own, strict=True)
        if (issued := _issued(report, otherwise=otherwise)) is not None
    ]

    _perform(filings)
    filed = [
        file_report(order=filing.order, issued=filing.issued)
        for filing in _in_order_of_locks(filings)
    ]
    return filed[0].pk if filed else first.pk


def _own_order(patient: Patient, report: Told) -> Order | None:
    """The patient's order with the report's numbers and code."""
    numbers = Q(placer_number=report.placer_number) if report.placer_number else Q()
    if not report.placer_number:
        numbers = Q(filler_number=report.filler_number) & ~Q(filler_number="")
    orders = Order.objects.filter(numbers, hospital_id=patient.hospital_id, patient=patient)
    return orders.filter(code=report.code).select_related("patient").first()


def _perform(filings: list[_Filing]) -> None:
    """The orders are performed, by key; their charges are locked before any order is."""
    done = sorted({filing.order.pk for filing in filings if filing.performs})
    list(Charge.objects.locked().filter(purpose=ORDER_PURPOSE, subject_id__in=done))
    fillers = {f.order.pk: f.issued.filler_number for f in filings if f.performs}
    for order_id in done:
        perform_order(order_id=order_id, filler_number=fillers[order_id])


def _in_order_of_locks(filings: list[_Filing]) -> list[_Filing]:
    """Reports that are there already by key, then new ones, whose keys are higher."""
    if not filings:
        return []
    numbers = [filing.issued.filler_number for filing in filings]
    known = Report.objects.filter(
        hospital_id=filings[0].order.hospital_id, filler_number__in=numbers
    )
    keys = {(one.filler_number, one.code): str(one.pk) for one in known}
    return sorted(filings, key=lambda f: keys.get((f.issued.filler_number, f.issued.code), "new"))


def _issued(report: Told, *, otherwise: datetime) -> Issued | None:
    """The version as results keep it; None while the laboratory is still at work."""
    status = status_of(report)
    if status is None:
        return None
    return Issued(
        filler_number=report.filler_number or report.placer_number or report.specimen_barcode,
        code=report.code,
        name=report.name or report.code,
        status=status,
        issued_at=report.released_at or otherwise,
        observations=tuple(_line(line) for line in _shown(report)),
        notes=report.notes,
    )


def status_of(report: Told) -> ReportVersion.Status | None:
    """What the report is worth: OBR-25, or else what its lines are worth together.

    None while the laboratory is still at work. Raises ResultCancelled, and Unreadable where
    nobody says.
    """
    lines = {line.status for line in _shown(report)}
    status = report.status or _together(lines)
    if status is None:
        raise Unreadable(Reason.STATUS, where="OBR-25")
    if status == ResultStatus.CANCELLED:
        raise ResultCancelled
    return STATUSES.get(status)


def _together(lines: set[ResultStatus | None]) -> ResultStatus | None:
    """What the lines are worth; nothing where one of them does not say."""
    if None in lines:
        return None
    if lines & UNCHECKED and lines != {ResultStatus.IN_PROCESS}:
        return ResultStatus.PRELIMINARY
    weight = (
        ResultStatus.IN_PROCESS,
        ResultStatus.CORRECTED,
        ResultStatus.FINAL,
        ResultStatus.WITHDRAWN,
        ResultStatus.CANCELLED,
    )
    return next((one for one in weight if one in lines), None)


def _shown(report: Told) -> list[Line]:
    """The lines about the patient: not of the specimen, and no answers to the order's questions."""
    return [
        line
        for line in report.observations
        if not line.is_of_specimen and line.status != ResultStatus.ASKED
    ]


def _line(line: Line) -> Observation:
    flags = [str(flag) for flag in line.flags]
    told = [flag for flag in flags if flag in FLAGS]
    return Observation(
        code=line.code,
        name=line.name or line.code,
        value=line.value,
        unit=line.unit,
        reference=line.reference,
        flag=(told or flags or [""])[0],
        is_pending=line.status in UNCHECKED,
        notes=line.notes,
    )
