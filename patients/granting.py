"""What a grant may hold, how long it lasts, and how one takes another's place."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts.models import Account, Staff
from common import clock
from common.commands import write
from common.live import RIGHTS, StreamName, announce
from patients.errors import ScopesUnclear, UntilUnclear
from patients.minors import PRIVATE_UNTIL_YEARS, fourteenth_birthday
from patients.models import (
    ALL_SCOPES,
    DAY_STREAM,
    Grant,
    GrantWay,
    Patient,
    Relation,
    Scope,
)

USUAL_DAYS = 365  # J1: a year, unless whoever grants says otherwise
LONGEST_DAYS = 3 * 365

# At once, for somebody the hospital did not know before: else nobody could register a father.
# What was found (报告) and the ward (住院) need the person's own word.
BEFORE_CONFIRMATION = [str(scope) for scope in (Scope.BOOK, Scope.PAY, Scope.QUEUE)]
AT_ONCE = {
    Relation.SELF: ALL_SCOPES,
    Relation.GUARDIAN: ALL_SCOPES,  # results only until the 14th birthday
    Relation.FAMILY: BEFORE_CONFIRMATION,
}


def read_scopes(asked: Collection[str]) -> list[str]:
    """The scopes in their usual order. Raises ScopesUnclear."""
    if not asked or not set(asked) <= set(ALL_SCOPES):
        raise ScopesUnclear
    return [scope for scope in ALL_SCOPES if scope in asked]


def read_until(until_on: date | None) -> date:
    """The last day, a year from today unless told. Raises UntilUnclear."""
    today = clock.today()
    if until_on is None:
        return today + timedelta(days=USUAL_DAYS)
    if not today <= until_on <= today + timedelta(days=LONGEST_DAYS):
        raise UntilUnclear(latest=today + timedelta(days=LONGEST_DAYS))
    return until_on


def end_of(day: date) -> datetime:
    """The midnight after it, in the hospital."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.HOSPITAL_ZONE)


def usual_end(relation: str, *, born_on: date) -> datetime | None:
    """When a grant made at registration ends: never, in a year, or when the child is of age."""
    if relation == Relation.SELF:
        return None
    if relation == Relation.GUARDIAN:
        birthday = fourteenth_birthday(born_on)
        return end_of(_years_later(birthday, PRIVATE_UNTIL_YEARS - 14) - timedelta(days=1))
    return end_of(read_until(None))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def first_grant(account: Account, *, patient: Patient, relation: str) -> Grant:
    """What registering somebody new grants at once. The person's lock must be held."""
    return replace_grant(
        Grant(
            hospital_id=patient.hospital_id,
            account=account,
            patient=patient,
            relation=relation,
            scopes=AT_ONCE[Relation(relation)],
            expires_at=usual_end(relation, born_on=patient.born_on),
        )
    )


def replace_grant(
    grant: Grant, *, way: GrantWay = GrantWay.NONE, staff: Staff | None = None
) -> Grant:
    """The grant counts from now on; what the account had for the patient before has ended.

    The person's lock must be held: of any two, the later one sees the earlier.
    """
    now = clock.now()
    former = Grant.objects.of_account(grant.account_id).filter(
        patient_id=grant.patient_id, ended_at=None
    )
    if former.update(ended_at=now):
        tell_of_rights(grant.hospital_id, grant.patient_id)
    grant.made_at = now
    grant.confirmed_by, grant.confirmed_staff = way, staff
    grant.confirmed_at = now if way != GrantWay.NONE else None
    write(grant)
    return grant


def tell_of_rights(hospital_id: UUID, patient_id: UUID) -> None:
    """Open sockets of the patient's day ask at once who may still listen."""
    announce(StreamName(hospital_id, DAY_STREAM, patient_id), RIGHTS)
