"""What booking can refuse, and why."""

from common.errors import DomainError, Kind


class SlotUnknown(DomainError):
    """There is no such slot in this hospital."""

    code = "booking.slot_unknown"
    kind = Kind.MISSING


class SlotClosed(DomainError):
    """The slot cannot be booked in this way any more; `closed_at` says since when."""

    code = "booking.slot_closed"
    kind = Kind.CONFLICT


class SlotTooFar(DomainError):
    """The slot's date cannot be booked yet; `last_day` is the last that can (S4-31)."""

    code = "booking.slot_too_far"
    kind = Kind.CONFLICT


class SlotFull(DomainError):
    """Every place in the slot is held or taken."""

    code = "booking.slot_full"
    kind = Kind.CONFLICT


class AlreadyBooked(DomainError):
    """This person already has a visit in the session."""

    code = "booking.already_booked"
    kind = Kind.CONFLICT


class TooManyVisits(DomainError):
    """A limit on a person's visits is reached; `rule` and `most` name it (S4-33, S4-34)."""

    code = "booking.too_many_visits"
    kind = Kind.CONFLICT


class UnverifiedLimit(DomainError):
    """Before anybody saw a document, a person may have `most` live online bookings (domain 4.1)."""

    code = "booking.unverified_limit"
    kind = Kind.CONFLICT


class AppointmentUnknown(DomainError):
    """There is no such appointment, or it is somebody else's."""

    code = "booking.appointment_unknown"
    kind = Kind.MISSING


class TooLateToCancel(DomainError):
    """The time for cancelling is over; `cancel_until` was shown when booking (S4-43)."""

    code = "booking.too_late_to_cancel"
    kind = Kind.CONFLICT


class SessionUnknown(DomainError):
    """There is no such session in this hospital."""

    code = "booking.session_unknown"
    kind = Kind.MISSING


class RotaNeedsDirectory(DomainError):
    """The directory lacks what the rota stands on; `missing` lists it."""

    code = "booking.rota_needs_directory"
    kind = Kind.CONFLICT
