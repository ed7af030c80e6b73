"""How the hospital says no: facts with a stable code, never a sentence or an HTTP status."""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of no it is; one place turns it into an HTTP status."""

    INVALID = "invalid"  # what was sent cannot be read or is not true
    UNKNOWN_CALLER = "unknown_caller"  # we do not know who asks
    REFUSED = "refused"  # we know who asks, and they may not
    MISSING = "missing"  # it is not there, or not theirs
    CONFLICT = "conflict"  # true, but not now and not like this
    BUSY = "busy"  # the same request may succeed in a moment


class DomainError(Exception):
    """A refusal. Subclasses carry `code` and `kind`; the docstring's first line is its meaning.

    Facts are plain values (ids, times, counts), never names or numbers of people.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @classmethod
    def meaning(cls) -> str:
        """The docstring's first line."""
        return (cls.__doc__ or "").strip().splitlines()[0]


class SignInNeeded(DomainError):
    """This is for accounts alone: sign in first."""

    code = "common.sign_in_needed"
    kind = Kind.UNKNOWN_CALLER


class InFlight(DomainError):
    """The same command, or one about the same rows, is being carried out; ask again."""

    code = "common.in_flight"
    kind = Kind.BUSY


class KeyMissing(DomainError):
    """A command needs the header Idempotency-Key."""

    code = "common.key_missing"
    kind = Kind.INVALID


class KeyReused(DomainError):
    """This Idempotency-Key was used for another request."""

    code = "common.key_reused"
    kind = Kind.CONFLICT


class MoveRefused(DomainError):
    """What is asked cannot follow from the present state."""

    code = "common.move_refused"
    kind = Kind.CONFLICT


class TooLarge(DomainError):
    """The request's body is larger than this address takes."""

    code = "common.too_large"
    kind = Kind.INVALID


class TooMany(DomainError):
    """Too many requests in a short time."""

    code = "common.too_many"
    kind = Kind.BUSY


def every_error() -> list[type[DomainError]]:
    """All refusals of the house that are loaded, by code."""

    def below(error: type[DomainError]) -> list[type[DomainError]]:
        return [one for sub in error.__subclasses__() for one in (sub, *below(sub))]

    return sorted((e for e in below(DomainError) if "code" in vars(e)), key=lambda e: e.code)
