"""Who is told about a patient."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from common import clock, commands
from patients.models import Grant, Scope
from patients.people import one_with


def may_read(patient_id: UUID, scope: Scope) -> list[UUID]:
    """Every account that may do this for the patient, or who was joined with them, now.

    Nobody for a person marked deceased: nothing is ever sent to them, nor about them.
    """
    living = one_with(patient_id).filter(person__deceased_at=None)
    grants = Grant.objects.valid(clock.now()).filter(patient__in=living).select_related("patient")
    found = [one.account_id for one in grants.order_by("pk") if one.allows(scope)]
    return list(dict.fromkeys(found))


@dataclass
class _Asked:
    """Readers already asked for in one command."""

    command: commands.Command | None = None
    readers: dict[tuple[UUID, Scope], list[UUID]] = field(default_factory=dict)


_asked: ContextVar[_Asked | None] = ContextVar("readers", default=None)


def readers_of(patient_id: UUID, scope: Scope) -> list[UUID]:
    """As `may_read`, asked once a command."""
    known = _asked.get()
    if known is None or known.command is not commands.current():
        known = _Asked(commands.current())
        _asked.set(known)
    what = (patient_id, scope)
    if what not in known.readers:
        known.readers[what] = may_read(patient_id, scope)
    return known.readers[what]
