"""The check port is asked about documents (实名核验接口)."""

from datetime import datetime, timedelta
from uuid import UUID

from common import clock
from common.commands import action
from common.jobs import sweep_each
from patients.actions.verify import verify_document
from patients.checking import DocumentCheck, PortAway, Verdict, open_port
from patients.errors import DocumentTaken
from patients.models import Document, Way

BATCH = 20
LEASE = timedelta(minutes=2)  # longer than a call may take
AGAIN_AFTER = (  # of an answer that settles nothing; then the counter alone verifies
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)


def check_documents() -> int:
    """Ask about the documents that are due; how many were dealt with."""
    port = open_port()
    if port is None:
        return 0
    due = Document.objects.due(clock.now())
    return sweep_each(due, lambda key: check_document(key, port=port), batch=BATCH)


def check_document(document_id: UUID, *, port: DocumentCheck) -> bool:
    """Ask about one, outside any transaction, and note the answer; False if another one does."""
    document = lease_check(document_id=document_id)
    if document is None:
        return False
    try:
        verdict = port.check(
            name=document.patient.name, document_type=document.type, number=document.number
        )
    except PortAway:
        verdict = Verdict.UNKNOWN
    note_verdict(document_id=document_id, verdict=verdict, way=port.way)
    return True


@action
def lease_check(*, document_id: UUID) -> Document | None:
    """The document, which nobody else asks about for two minutes; None if it is not due."""
    now = clock.now()
    due = Document.objects.due(now).filter(pk=document_id)
    if not due.order_by().take(check_due_at=now + LEASE):
        return None
    return Document.objects.select_related("patient").get(pk=document_id)


@action
def note_verdict(*, document_id: UUID, verdict: Verdict, way: Way) -> Document:
    """What the port said is kept; only a match verifies. Told twice, it changes nothing.

    A document that differs stays a claim: the asker learns only that the counter verifies.
    """
    document = Document.objects.select_related("patient").get(pk=document_id)
    if verdict == Verdict.MATCHES and document.status == Document.Status.UNVERIFIED:
        try:
            document = verify_document(document, way=way)
        except DocumentTaken:  # somebody who is no patient here has it: the counter looks
            verdict = Verdict.UNKNOWN
    document.checked_at, document.verdict = clock.now(), verdict
    document.check_due_at = _again_at(document, verdict=verdict)
    document.checks += 1
    document.save(update_fields=["checked_at", "verdict", "check_due_at", "checks"])
    return document


def _again_at(document: Document, *, verdict: Verdict) -> datetime | None:
    is_settled = verdict != Verdict.UNKNOWN or document.status != Document.Status.UNVERIFIED
    if is_settled or document.checks >= len(AGAIN_AFTER):
        return None
    return clock.now() + AGAIN_AFTER[document.checks]
