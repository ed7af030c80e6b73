"""What papers can refuse, and why."""

from common.errors import DomainError, Kind


class PaperUnknown(DomainError):
    """There is no such paper at this hospital."""

    code = "papers.unknown"
    kind = Kind.MISSING


class PaperOvertaken(DomainError):
    """Another version of this paper was issued while this one was being drawn."""

    code = "papers.overtaken"
    kind = Kind.CONFLICT


class VerifyUnavailable(DomainError):
    """Papers cannot be asked about just now, since nobody could count who asks how often."""

    code = "papers.verify_unavailable"
    kind = Kind.BUSY
