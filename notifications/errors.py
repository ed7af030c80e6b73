"""What notifications can refuse, and why."""

from common.errors import DomainError, Kind


class TemplateWrong(DomainError):
    """The template breaks a rule of WeChat's fields or of privacy."""

    code = "notifications.template_wrong"
    kind = Kind.INVALID


class MessageMissing(DomainError):
    """There is no such message for this account."""

    code = "notifications.message_missing"
    kind = Kind.MISSING


class TaskMissing(DomainError):
    """There is no such task for this role in this hospital."""

    code = "notifications.task_missing"
    kind = Kind.MISSING


class TaskClosed(DomainError):
    """Somebody finished the task already, or it is no longer needed."""

    code = "notifications.task_closed"
    kind = Kind.CONFLICT


class EvidenceMissing(DomainError):
    """A task is finished with a line saying how."""

    code = "notifications.evidence_missing"
    kind = Kind.INVALID
