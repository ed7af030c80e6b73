"""What hospitals can refuse."""

from common.errors import DomainError, Kind


class HospitalUnknown(DomainError):
    """No hospital has this code."""

    code = "hospitals.unknown"
    kind = Kind.MISSING
