"""Take back a paper."""

from uuid import UUID

from common import clock
from common.commands import action
from papers.errors import PaperUnknown
from papers.models import Paper


@action
def revoke_paper(*, hospital_id: UUID, paper_id: UUID, reason: Paper.RevokedFor) -> Paper:
    """From now on whoever asks is told that the paper no longer holds, and why.

    Raises PaperUnknown, or MoveRefused where it was revoked before.
    """
    now = clock.now()
    paper = Paper.objects.of_hospital(hospital_id).locked().filter(pk=paper_id).first()
    if paper is None:
        raise PaperUnknown(paper_id=paper_id)

    return paper.move_to(Paper.Status.REVOKED, revoked_at=now, revoked_for=reason)
