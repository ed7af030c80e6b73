"""Every verb of records."""

from records.actions.issue import issue_record
from records.actions.take import take_request

__all__ = ["issue_record", "take_request"]
