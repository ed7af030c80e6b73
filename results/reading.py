"""Who reads which reports, and the lines that say so.

Every read starts from the account's own grants, or from a care relation of the staff member.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Account, Staff
from common import clock
from hospitals.models import Hospital
from patients.access import show_record
from patients.models import Grant, Patient, Relation, Scope
from results.errors import ReportUnknown
from results.models import Report, ReportQuerySet, ReportVersion
from results.words import FLAGS, STATUS_BADGES
from visits.care import reason_to_read

SHOWN = "report"  # of an access line
MOST_SHOWN = 20


@dataclass(frozen=True)
class Reader:
    """An account with those whose reports it may read here, each with its relation to them."""

    account: Account
    hospital: Hospital
    relations: dict[UUID, str]

    def reports(self) -> ReportQuerySet:
        """Every report it may read, with what is true of the newest version."""
        mine = Report.objects.filter(hospital_id=self.hospital.pk).of_patients(self.relations)
        return mine.with_newest().select_related("patient")

    def version(self, report_id: UUID) -> ReportVersion:
        """The newest version of one of them. Raises ReportUnknown, also for another's."""
        version = (
            ReportVersion.objects.filter(
                hospital_id=self.hospital.pk,
                report_id=report_id,
                report__patient_id__in=list(self.relations),
            )
            .newest_first()
            .select_related("report__patient")
            .first()
        )
        if version is None:
            raise ReportUnknown(report_id=report_id)
        return version

    def leave_lines(self, patients: Iterable[Patient]) -> None:
        """Who reads about somebody else leaves a line that the patient can see."""
        others = [one for one in patients if self.relations[one.pk] != Relation.SELF]
        if others:
            show_record(account_id=self.account.pk, patients=others, shown=SHOWN, reason="family")


def reader_of(account: Account, hospital: Hospital) -> Reader:
    """What the account may read of reports here; one statement."""
    grants = Grant.objects.valid(clock.now()).of_account(account.pk).filter(hospital=hospital)
    grants = grants.select_related("patient")
    relations = {g.patient_id: g.relation for g in grants if g.allows(Scope.REPORTS)}
    return Reader(account=account, hospital=hospital, relations=relations)


@dataclass(frozen=True)
class Shown:
    """A version of a report as a screen shows it."""

    report: Report
    version: ReportVersion
    is_staff: bool = False

    @property
    def badge(self) -> tuple[str, str]:
        """Kind and word of the version's state."""
        return STATUS_BADGES[self.version.status]

    @property
    def is_readable(self) -> bool:
        """A withdrawn version shows its values to nobody, an unchecked one to staff alone."""
        is_withdrawn = self.version.status == ReportVersion.Status.WITHDRAWN
        return not is_withdrawn if self.is_staff else self.version.is_readable

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The observations, each with the word, sign and badge of its flag."""
        if not self.is_readable:
            return []
        return [self._line(one) for one in self.version.content["observations"]]

    @property
    def notes(self) -> list[str]:
        """What the laboratory adds."""
        return list(self.version.content["notes"]) if self.is_readable else []

    def _line(self, told: dict[str, Any]) -> dict[str, Any]:
        word, sign, kind = FLAGS.get(told["flag"], ("", "", ""))
        is_held_back = told["is_pending"] and not self.is_staff
        return {
            **told,
            "value": "" if is_held_back else told["value"],
            "flag_word": "" if is_held_back else word,
            "flag_sign": sign,
            "flag_kind": kind,
        }


def reports_shown_to(staff: Staff, patient: Patient) -> list[Shown]:
    """The patient's newest reports for staff with a care relation, who leave an access line.

    Raises ReportUnknown without one.
    """
    reason = reason_to_read(staff, patient)
    if not reason:
        raise ReportUnknown
    reports = list(
        Report.objects.filter(hospital_id=staff.hospital_id, patient=patient)
        .with_newest()
        .order_by("-id")[:MOST_SHOWN]
    )
    versions = ReportVersion.objects.in_bulk([report.newest_id for report in reports])
    show_record(staff=staff, patients=[patient], shown=SHOWN, reason=reason)
    return [
        Shown(report=report, version=versions[report.newest_id], is_staff=True)
        for report in reports
    ]
