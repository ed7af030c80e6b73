"""What cards can refuse. Nothing says whose a code or a number is."""

from common.errors import DomainError, Kind


class CardUnknown(DomainError):
    """There is no such card for this account, or in this hospital."""

    code = "cards.unknown"
    kind = Kind.MISSING


class CodeUnreadable(DomainError):
    """This is no code of ours, or one that somebody changed."""

    code = "cards.code_unreadable"
    kind = Kind.INVALID


class CodeOver(DomainError):
    """The code's 60 seconds are over: let the phone show a fresh one."""

    code = "cards.code_over"
    kind = Kind.CONFLICT


class CodeUsed(DomainError):
    """The code was read before; each is good once."""

    code = "cards.code_used"
    kind = Kind.CONFLICT


class CodeForAnotherUse(DomainError):
    """The code was made for something else: choose the right use on the phone."""

    code = "cards.code_for_another_use"
    kind = Kind.CONFLICT


class CardClosed(DomainError):
    """The card was reported lost, or has ended."""

    code = "cards.closed"
    kind = Kind.CONFLICT


class HolderUnproved(DomainError):
    """Number and birth date do not belong together, or there is no such card here."""

    code = "cards.holder_unproved"
    kind = Kind.MISSING


class CardOfAnother(DomainError):
    """The credential belongs to somebody else, or is bound to another patient."""

    code = "cards.of_another"
    kind = Kind.CONFLICT


class HolderPortAway(DomainError):
    """Whoever issues the credential cannot be asked just now."""

    code = "cards.port_away"
    kind = Kind.BUSY
