"""Somebody asks to act for a person whom the hospital knows, or to do more for them."""

from collections.abc import Collection
from datetime import date, timedelta

from accounts.models import Account
from common import clock
from common.commands import action, write
from hospitals.models import Hospital
from patients.actions.register import known_as, refuse_too_many
from patients.errors import PatientUnknown, ScopesUnclear
from patients.granting import read_scopes, read_until
from patients.identity import Identity
from patients.models import ALL_SCOPES, Grant, GrantRequest, Patient, Person, Relation

LAPSES_AFTER = timedelta(days=7)


@action
def ask_to_act(
    *,
    account: Account,
    hospital: Hospital,
    identity: Identity,
    relation: str,
    scopes: Collection[str],
    until_on: date | None = None,
) -> GrantRequest:
    """The person is asked to confirm that this account acts for them; nothing is granted yet.

    Raises what registering raises, PatientUnknown for somebody the hospital does not know,
    ScopesUnclear, UntilUnclear.
    """
    known = known_as(account, hospital=hospital, identity=identity, relation=relation)
    if known is None:
        raise PatientUnknown
    refuse_too_many(account, hospital=hospital, relation=relation)
    return _open(
        GrantRequest(
            hospital=hospital,
            account=account,
            patient=known,
            relation=relation,
            scopes=ALL_SCOPES if relation == Relation.SELF else read_scopes(scopes),
            until_on=read_until(until_on),
        )
    )


@action
def ask_for_more(
    *, account: Account, patient: Patient, scopes: Collection[str], until_on: date | None = None
) -> GrantRequest:
    """The person is asked to let the account do this for them, in place of what it may do now.

    Raises PatientUnknown, ScopesUnclear, UntilUnclear.
    """
    Person.objects.locked().get(pk=patient.person_id)
    own = Grant.objects.valid(clock.now()).of_account(account.pk).filter(patient=patient).first()
    if own is None:
        raise PatientUnknown(patient_id=patient.pk)
    if own.relation == Relation.SELF:  # there is nothing more to ask for
        raise ScopesUnclear
    return _open(
        GrantRequest(
            hospital_id=patient.hospital_id,
            account=account,
            patient=patient,
            relation=own.relation,
            scopes=read_scopes(scopes),
            until_on=read_until(until_on),
        )
    )


def _open(request: GrantRequest) -> GrantRequest:
    """One open request for each account and patient: a new one takes the other's place."""
    now = clock.now()
    former = GrantRequest.objects.filter(
        account=request.account, patient=request.patient, answered_at=None
    )
    former.update(answered_at=now, is_granted=False)
    request.made_at = now
    request.lapses_at = now + LAPSES_AFTER
    write(request)
    return request
