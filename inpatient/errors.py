"""What inpatient can refuse, and why."""

from common.errors import DomainError, Kind


class AdmissionUnknown(DomainError):
    """There is no such admission, or it is somebody else's."""

    code = "inpatient.admission_unknown"
    kind = Kind.MISSING


class NotTheirDoctor(DomainError):
    """Only a doctor who cares for the patient now may ask for an admission."""

    code = "inpatient.not_their_doctor"
    kind = Kind.MISSING


class WardUnknown(DomainError):
    """The hospital has no ward with beds like this."""

    code = "inpatient.ward_unknown"
    kind = Kind.MISSING


class AlreadyAsked(DomainError):
    """The patient has an admission that is asked for or running; a person lies in one bed."""

    code = "inpatient.already_asked"
    kind = Kind.CONFLICT


class DateGone(DomainError):
    """An admission cannot be wanted for a day that is over."""

    code = "inpatient.date_gone"
    kind = Kind.INVALID


class IdentityDiffers(DomainError):
    """Name and document as the person gives them are not both those of the admission."""

    code = "inpatient.identity_differs"
    kind = Kind.CONFLICT


class WristbandDiffers(DomainError):
    """The wristband that was read belongs to another stay."""

    code = "inpatient.wristband_differs"
    kind = Kind.CONFLICT


class BedUnknown(DomainError):
    """The ward of the admission has no such bed."""

    code = "inpatient.bed_unknown"
    kind = Kind.MISSING


class BedTaken(DomainError):
    """Somebody lies in this bed."""

    code = "inpatient.bed_taken"
    kind = Kind.CONFLICT


class NotOnWard(DomainError):
    """The patient has not been admitted yet, or has gone home."""

    code = "inpatient.not_on_ward"
    kind = Kind.CONFLICT


class DepositTooLarge(DomainError):
    """More than the hospital asks for at once, or no money at all."""

    code = "inpatient.deposit_too_large"
    kind = Kind.CONFLICT


class DateOutsideStay(DomainError):
    """A line belongs to a date between the admission and today."""

    code = "inpatient.date_outside_stay"
    kind = Kind.CONFLICT


class PriceUnknown(DomainError):
    """The price list has no item with this code, so nothing can be charged."""

    code = "inpatient.price_unknown"
    kind = Kind.CONFLICT


class LineUnknown(DomainError):
    """The stay's bill has no such line."""

    code = "inpatient.line_unknown"
    kind = Kind.MISSING


class LineDiffers(DomainError):
    """A line with this number is there already and says something else."""

    code = "inpatient.line_differs"
    kind = Kind.CONFLICT


class LineReversed(DomainError):
    """The line was reversed already, or is itself a reversal."""

    code = "inpatient.line_reversed"
    kind = Kind.CONFLICT


class BillChanged(DomainError):
    """The bill is no longer the one that was agreed; it must be read again."""

    code = "inpatient.bill_changed"
    kind = Kind.CONFLICT


class BalanceDue(DomainError):
    """The bill exceeds what was paid: `due_fen` must be paid before the patient goes home."""

    code = "inpatient.balance_due"
    kind = Kind.CONFLICT


class NothingDue(DomainError):
    """What was paid covers the bill, so no balance is asked for."""

    code = "inpatient.nothing_due"
    kind = Kind.CONFLICT
