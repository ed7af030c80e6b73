"""Who acts for whom, as the family page and the API show it."""

from dataclasses import dataclass
from uuid import UUID

from common import clock
from hospitals.models import Hospital
from patients.models import Grant, GrantRequest, Relation
from patients.people import joined_with
from patients.requests import asked_of, decides_for, open_requests


@dataclass(frozen=True)
class Family:
    """One account's grants and requests in one hospital."""

    for_me: list[Grant]  # others act for those whom this account speaks for
    by_me: list[Grant]  # this account acts for others
    to_answer: list[GrantRequest]
    asked_by_me: list[GrantRequest]
    names: dict[UUID, str]  # of accounts, as the hospital knows their owners

    @property
    def grants(self) -> list[Grant]:
        """All of them, without oneself."""
        return [*self.for_me, *self.by_me]

    @property
    def requests(self) -> list[GrantRequest]:
        """All of them."""
        return [*self.to_answer, *self.asked_by_me]


def family_of(account_id: UUID, hospital: Hospital) -> Family:
    """What the account may see and end, and what it may answer."""
    here = Grant.objects.valid(clock.now()).filter(hospital=hospital).select_related("patient")
    mine = list(here.of_account(account_id).order_by("pk"))
    decided = [one.patient_id for one in mine if decides_for(account_id, one.patient)]
    theirs = here.filter(patient__in=joined_with(decided))
    for_me = list(theirs.exclude(account_id=account_id).order_by("pk"))
    to_answer = asked_of(account_id, hospital)
    asked = open_requests().filter(hospital=hospital, account_id=account_id).order_by("pk")
    accounts = {one.account_id for one in for_me} | {one.account_id for one in to_answer}
    return Family(
        for_me=for_me,
        by_me=[one for one in mine if one.relation != Relation.SELF],
        to_answer=to_answer,
        asked_by_me=list(asked),
        names=_names(accounts, hospital),
    )


def _names(accounts: set[UUID], hospital: Hospital) -> dict[UUID, str]:
    selves = Grant.objects.selves().filter(hospital=hospital, account__in=accounts, ended_at=None)
    return {one.account_id: one.patient.name for one in selves.select_related("patient")}
