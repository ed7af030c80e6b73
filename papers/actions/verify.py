"""Answer whether a paper is genuine."""

import hashlib
import re
from dataclasses import dataclass

from common import clock
from common.commands import action, write
from papers.codes import read_code
from papers.models import Paper, Verification
from papers.signing import verify_signature

# sheet.typ writes it; PDF/A keeps this part of a file readable as it stands.
CODE_IN_FILE = re.compile(rb"zhencheng-paper:([0-9A-Z-]{24})")
Outcome = Verification.Outcome


@dataclass(frozen=True)
class Verdict:
    """What somebody who asks is told; without a paper the outcome is UNKNOWN."""

    outcome: Verification.Outcome
    paper: Paper | None = None


@action
def verify_code(*, typed: str) -> Verdict:
    """Tell whether a code belongs to a paper that holds, and note that it was asked.

    A code that was mistyped, forged or never drawn is answered in one and the same way.
    """
    code = read_code(typed)
    paper = _paper(code=code) if code is not None else None
    if paper is None:
        return Verdict(Outcome.UNKNOWN)

    return _noted(paper, _outcome_of(paper), is_by_file=False)


@action
def verify_file(*, pdf: bytes) -> Verdict:
    """Tell whether a file is, to the byte, a paper that holds, and note that it was asked.

    Only bytes we issued are ever parsed. A file that names one of our codes and is not that
    paper was altered; its code is looked for as plain bytes.
    """
    paper = _paper(sha256=hashlib.sha256(pdf).hexdigest())
    if paper is not None:
        outcome = _outcome_of(paper) if verify_signature(pdf) else Outcome.ALTERED
        return _noted(paper, outcome, is_by_file=True)
    named = CODE_IN_FILE.search(pdf)
    code = read_code(named[1].decode()) if named else None
    paper = _paper(code=code) if code is not None else None
    if paper is None:
        return Verdict(Outcome.UNKNOWN)

    return _noted(paper, Outcome.ALTERED, is_by_file=True)


def _paper(**found_by: str) -> Paper | None:
    return Paper.objects.select_related("hospital").filter(**found_by).first()


def _outcome_of(paper: Paper) -> Verification.Outcome:
    return Outcome.GENUINE if paper.is_valid else Outcome.REVOKED


def _noted(paper: Paper, outcome: Verification.Outcome, *, is_by_file: bool) -> Verdict:
    write(
        Verification(
            hospital_id=paper.hospital_id,
            paper=paper,
            at=clock.now(),
            outcome=outcome,
            is_by_file=is_by_file,
        )
    )
    return Verdict(outcome, paper)
