"""What results can refuse, and why."""

from common.errors import DomainError, Kind


class ReportUnknown(DomainError):
    """There is no such report, or it is somebody else's."""

    code = "results.report_unknown"
    kind = Kind.MISSING


class ReportDiffers(DomainError):
    """A report with this number is there already and belongs to another patient."""

    code = "results.report_differs"
    kind = Kind.CONFLICT
