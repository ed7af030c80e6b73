"""What the pharmacy can refuse, and why."""

from common.errors import DomainError, Kind


class PrescriptionUnknown(DomainError):
    """There is no such prescription, or it is somebody else's."""

    code = "pharmacy.prescription_unknown"
    kind = Kind.MISSING


class PrescriptionDiffers(DomainError):
    """This version of the prescription is there already and says something else."""

    code = "pharmacy.prescription_differs"
    kind = Kind.CONFLICT


class PrescriptionUnfit(DomainError):
    """A prescription names at least one drug, each with a quantity that can be dispensed."""

    code = "pharmacy.prescription_unfit"
    kind = Kind.INVALID


class PrescriptionExpired(DomainError):
    """The prescription was valid until midnight of its last day."""

    code = "pharmacy.prescription_expired"
    kind = Kind.CONFLICT


class AlreadyHandedOver(DomainError):
    """The drugs of an earlier version are in the patient's hands: a person must decide."""

    code = "pharmacy.already_handed_over"
    kind = Kind.CONFLICT


class DrugPriceUnknown(DomainError):
    """Neither the price list nor the sender says what a drug costs."""

    code = "pharmacy.drug_price_unknown"
    kind = Kind.CONFLICT


class IdentityUnproven(DomainError):
    """The pick-up code or the end of the document number is not the patient's."""

    code = "pharmacy.identity_unproven"
    kind = Kind.CONFLICT


class WindowUnnamed(DomainError):
    """Ready drugs need the window where they are collected."""

    code = "pharmacy.window_unnamed"
    kind = Kind.INVALID
