"""What visits can refuse, and why."""

from common.errors import DomainError, Kind


class VisitUnknown(DomainError):
    """There is no such visit, or it is somebody else's."""

    code = "visits.visit_unknown"
    kind = Kind.MISSING


class NoOpenVisit(DomainError):
    """The patient has no visit today: an order needs one."""

    code = "visits.no_open_visit"
    kind = Kind.CONFLICT


class OrderUnknown(DomainError):
    """There is no such order, or it is somebody else's."""

    code = "visits.order_unknown"
    kind = Kind.MISSING


class OrderDiffers(DomainError):
    """An order with this number is there already and says something else."""

    code = "visits.order_differs"
    kind = Kind.CONFLICT


class PriceUnknown(DomainError):
    """The price list has no item with this code, so the order cannot be charged."""

    code = "visits.price_unknown"
    kind = Kind.CONFLICT


class OrderUnpaid(DomainError):
    """The order is not paid yet and cannot be performed."""

    code = "visits.order_unpaid"
    kind = Kind.CONFLICT


class ValueTooLong(DomainError):
    """What a hospital system said is longer than can be kept whole, and nothing is cut."""

    code = "visits.value_too_long"
    kind = Kind.INVALID


class ReasonTooShort(DomainError):
    """Who reads without a care relation says why in at least ten characters."""

    code = "visits.reason_too_short"
    kind = Kind.INVALID


class NotForThisRole(DomainError):
    """Staff of this role read only where they have something to do for the patient."""

    code = "visits.not_for_this_role"
    kind = Kind.REFUSED


class TooManyMisses(DomainError):
    """The staff member has looked for too many numbers that nobody has."""

    code = "visits.too_many_misses"
    kind = Kind.BUSY


class GlassUnknown(DomainError):
    """There is no such urgent reading in this hospital."""

    code = "visits.break_glass_unknown"
    kind = Kind.MISSING


class OwnReading(DomainError):
    """Nobody judges what they read themselves."""

    code = "visits.own_reading"
    kind = Kind.REFUSED


class FindingUnknown(DomainError):
    """There is no such finding in this hospital."""

    code = "visits.finding_unknown"
    kind = Kind.MISSING


class MarkUnknown(DomainError):
    """There is no such mark in this hospital, or it was lifted."""

    code = "visits.mark_unknown"
    kind = Kind.MISSING


class PersonNotFound(DomainError):
    """No patient of the hospital has this number."""

    code = "visits.person_not_found"
    kind = Kind.MISSING


class StaffNotFound(DomainError):
    """Nobody in the hospital has this staff number."""

    code = "visits.staff_not_found"
    kind = Kind.MISSING
