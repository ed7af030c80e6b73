"""Every verb of papers."""

from papers.actions.issue import issue_paper
from papers.actions.revoke import revoke_paper
from papers.actions.verify import verify_code, verify_file

__all__ = ["issue_paper", "revoke_paper", "verify_code", "verify_file"]
