"""Issue a drawn paper."""

from uuid import UUID

from common import commands
from common.commands import action, write, write_unless_there
from papers.actions.revoke import revoke_paper
from papers.drawing import DrawnPaper
from papers.errors import PaperOvertaken
from papers.models import Paper, PaperContent


@action
def issue_paper(*, drawn: DrawnPaper, replaces_id: UUID | None = None) -> Paper:
    """Make a drawn paper valid and keep its bytes; the paper it replaces is revoked.

    Raises PaperOvertaken where the version it was drawn as exists already: draw again.
    Raises PaperUnknown or MoveRefused for a replaced paper that is not there or not valid.
    """
    paper = Paper(
        hospital=drawn.hospital,
        kind=drawn.kind,
        subject_id=drawn.subject_id,
        title=drawn.title,
        version=drawn.version,
        code=drawn.code,
        sha256=drawn.sha256,
        pages=drawn.pages,
        issued_at=drawn.drawn_at,
        replaces_id=replaces_id,
    )
    if replaces_id is not None:
        revoke_paper(
            hospital_id=drawn.hospital.pk, paper_id=replaces_id, reason=Paper.RevokedFor.REPLACED
        )
    write_unless_there(paper, columns=("hospital_id", "kind", "subject_id", "version"))
    commands.flush()
    if not Paper.objects.of_hospital(drawn.hospital.pk).filter(pk=paper.pk).exists():
        raise PaperOvertaken(version=drawn.version)

    write(PaperContent(hospital=drawn.hospital, paper=paper, pdf=drawn.pdf))
    return paper
