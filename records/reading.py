"""Whose records an account or a clerk may read, and the lines that say they did."""

from uuid import UUID

from accounts.models import Staff
from common import clock
from hospitals.models import Hospital
from papers.errors import PaperUnknown
from patients.access import patients_of, show_record
from patients.models import Scope
from records.actions.take import REASON
from records.composing import with_what_a_record_needs
from records.errors import RequestUnknown
from records.models import CopyRequest, IssuedRecord, IssuedRecordQuerySet
from visits.errors import VisitUnknown
from visits.models import Visit, VisitQuerySet

SCOPE = Scope.REPORTS  # whoever may read what was found may read when and where


def visits_for(account_id: UUID, hospital: Hospital) -> VisitQuerySet:
    """The visits of everybody whose records the account may read."""
    patients = patients_of(account_id, hospital, scope=SCOPE)
    return with_what_a_record_needs(Visit.objects.filter(hospital=hospital, patient__in=patients))


def visit_for(account_id: UUID, hospital: Hospital, *, visit_id: UUID) -> Visit:
    """One of them. Raises VisitUnknown."""
    visit = visits_for(account_id, hospital).filter(pk=visit_id).first()
    if visit is None:
        raise VisitUnknown(visit_id=visit_id)
    return visit


def record_for(account_id: UUID, hospital: Hospital, *, paper_id: UUID) -> IssuedRecord:
    """An issued record of such a visit, also one that was replaced. Raises PaperUnknown."""
    visits = visits_for(account_id, hospital)
    return _record(IssuedRecord.objects.filter(visit__in=visits), paper_id=paper_id)


def request_of(staff: Staff, *, request_id: UUID) -> CopyRequest:
    """The clerk's own open request. Raises RequestUnknown."""
    mine = CopyRequest.objects.of_clerk(staff).open(clock.now())
    found = mine.select_related("patient", "hospital").filter(pk=request_id).first()
    if found is None:
        raise RequestUnknown(request_id=request_id)
    return found


def visits_of_request(request: CopyRequest) -> VisitQuerySet:
    """Every visit of the patient whose records are asked for."""
    visits = Visit.objects.filter(hospital_id=request.hospital_id, patient_id=request.patient_id)
    return with_what_a_record_needs(visits)


def record_of_request(request: CopyRequest, *, paper_id: UUID) -> IssuedRecord:
    """An issued record of such a visit. Raises PaperUnknown."""
    visits = visits_of_request(request)
    return _record(IssuedRecord.objects.filter(visit__in=visits), paper_id=paper_id)


def note_clerk(request: CopyRequest, *, shown: str) -> None:
    """A line that the clerk was shown this of the patient."""
    show_record(staff=request.staff, patients=[request.patient], shown=shown, reason=REASON)


def _record(records: IssuedRecordQuerySet, *, paper_id: UUID) -> IssuedRecord:
    found = records.filter(paper_id=paper_id).select_related("paper", "visit__patient").first()
    if found is None:
        raise PaperUnknown(paper_id=paper_id)
    return found
