"""A visit's record becomes a paper."""

from accounts.models import Account
from common.commands import action, write
from papers.actions import issue_paper
from papers.models import Paper
from records.errors import RecordOvertaken
from records.models import CopyRequest, IssuedRecord
from records.prepared import PreparedRecord
from visits.models import Visit


@action
def issue_record(
    *, prepared: PreparedRecord, account: Account, copy_request: CopyRequest | None = None
) -> Paper:
    """The valid paper that tells the prepared story: the one there is, or a new one.

    A new one replaces the paper that told another story. Locks the visit. Raises
    RecordOvertaken and PaperOvertaken where another copy was issued meanwhile: prepare again.
    """
    visit = Visit.objects.locked().get(pk=prepared.visit.pk)
    current = IssuedRecord.objects.current_of(visit)
    if current is not None and current.content_index == prepared.content_index:
        return current.paper
    if prepared.drawn is None:
        raise RecordOvertaken(visit_id=visit.pk)

    replaces_id = current.paper_id if current is not None else None
    paper = issue_paper(drawn=prepared.drawn, replaces_id=replaces_id)
    write(
        IssuedRecord(
            hospital_id=visit.hospital_id,
            visit=visit,
            paper=paper,
            content_index=prepared.content_index,
            account=account,
            request=copy_request,
        )
    )
    return paper
