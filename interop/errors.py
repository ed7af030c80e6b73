"""What the edges to hospital systems can refuse."""

from common.errors import DomainError, Kind


class ReceivedUnknown(DomainError):
    """No such message was received by this hospital."""

    code = "interop.received_unknown"
    kind = Kind.MISSING


class AlreadyApplied(DomainError):
    """The message was applied by somebody else in the meantime."""

    code = "interop.already_applied"
    kind = Kind.CONFLICT


class SenderKeyWrong(DomainError):
    """The key of the request belongs to no sender of this hospital."""

    code = "interop.sender_key_wrong"
    kind = Kind.UNKNOWN_CALLER


class AddressTaken(DomainError):
    """Another sender of the hospital already speaks from this address."""

    code = "interop.address_taken"
    kind = Kind.CONFLICT


class ProfileUnknown(DomainError):
    """No dialect of this protocol has this name."""

    code = "interop.profile_unknown"
    kind = Kind.INVALID


class StillUnreadable(DomainError):
    """Even by today's profile of its sender the message cannot be read."""

    code = "interop.still_unreadable"
    kind = Kind.CONFLICT


class PatientNotFound(DomainError):
    """No patient of the hospital has the numbers of the message."""

    code = "interop.patient_not_found"
    kind = Kind.MISSING


class PatientDiffers(DomainError):
    """The numbers or the birth date of the message belong to different people."""

    code = "interop.patient_differs"
    kind = Kind.CONFLICT


class ControlUnsupported(DomainError):
    """The order control code (ORC-1) asks for what we do not do."""

    code = "interop.control_unsupported"
    kind = Kind.CONFLICT


class ResultCancelled(DomainError):
    """The laboratory will not carry out the order: a person decides whether money goes back."""

    code = "interop.result_cancelled"
    kind = Kind.CONFLICT


class PrescriptionNotOrdered(DomainError):
    """The prescription is a plan, a draft or held back; nothing is dispensed for it."""

    code = "interop.prescription_not_ordered"
    kind = Kind.CONFLICT
