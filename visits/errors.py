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
