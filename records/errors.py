"""What records can refuse, and why."""

from common.errors import DomainError, Kind


class RecordOvertaken(DomainError):
    """The visit's record changed while this copy was being made; ask again."""

    code = "records.overtaken"
    kind = Kind.BUSY


class PersonNotHere(DomainError):
    """Nobody with this document is a patient of the hospital."""

    code = "records.person_not_here"
    kind = Kind.MISSING


class RequestUnknown(DomainError):
    """There is no such copy request of this clerk, or its time is over."""

    code = "records.request_unknown"
    kind = Kind.MISSING
