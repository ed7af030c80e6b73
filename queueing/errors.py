"""What queueing can refuse, and why."""

from common.errors import DomainError, Kind


class QueueUnknown(DomainError):
    """There is no such queue in this hospital."""

    code = "queueing.queue_unknown"
    kind = Kind.MISSING


class TicketUnknown(DomainError):
    """There is no such ticket, or it is somebody else's."""

    code = "queueing.ticket_unknown"
    kind = Kind.MISSING


class NotYourQueue(DomainError):
    """Another doctor calls from this queue."""

    code = "queueing.not_your_queue"
    kind = Kind.REFUSED


class TooEarly(DomainError):
    """It is too early to check in for this slot."""

    code = "queueing.too_early"
    kind = Kind.CONFLICT


class TooLate(DomainError):
    """The session is over."""

    code = "queueing.too_late"
    kind = Kind.CONFLICT


class NotPaid(DomainError):
    """The appointment is held but not paid."""

    code = "queueing.not_paid"
    kind = Kind.CONFLICT


class NotExpected(DomainError):
    """The appointment was given up, was seen, or its clinic stopped."""

    code = "queueing.not_expected"
    kind = Kind.CONFLICT


class NobodyWaits(DomainError):
    """There is nobody to call."""

    code = "queueing.nobody_waits"
    kind = Kind.CONFLICT


class RoomOccupied(DomainError):
    """Somebody is called to this room, or is in it."""

    code = "queueing.room_occupied"
    kind = Kind.CONFLICT
