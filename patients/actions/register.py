"""Somebody registers themselves, or one of the family, with a hospital."""

from accounts.models import Account
from common import clock
from common.commands import action, write
from hospitals.models import Hospital
from patients.details import same_name
from patients.errors import AlreadyYours, DetailsDiffer, HeldByAnother, SelfTaken, TooManyPeople
from patients.identity import CheckedIdentity, Identity
from patients.models import ALL_SCOPES, Grant, Patient, Person, Relation, Scope
from patients.numbers import insert_with_number

MOST_PEOPLE = 10  # one account in one hospital; who needs more is no family
SCOPES = {
    Relation.SELF: ALL_SCOPES,
    # Results stay closed to the family until the person confirms it.
    Relation.FAMILY: [str(scope) for scope in (Scope.BOOK, Scope.PAY, Scope.QUEUE)],
}


@action
def register_patient(
    *, account: Account, hospital: Hospital, identity: Identity, relation: str
) -> Patient:
    """Let the account act for the person with this document, known to the hospital from now on.

    Asking again changes nothing. Raises NameInvalid, PhoneInvalid, the document's own errors,
    HeldByAnother, DetailsDiffer, AlreadyYours, SelfTaken, TooManyPeople.
    """
    now = clock.now()
    stated = identity.checked(today=clock.local(now).date())
    person = lock_person(stated.document_index)
    known = Patient.objects.filter(hospital=hospital, person=person).first()
    if known is not None:
        own = Grant.objects.of_account(account.pk).filter(patient=known, ended_at=None).first()
        if own is not None and own.relation == relation and same_name(known.name, stated.name):
            return known
        _refuse_stranger(known, own=own, stated=stated, relation=relation)
    _refuse_too_many(account, hospital=hospital, relation=relation)

    patient = known or insert_with_number(
        stated.as_patient(hospital=hospital, person=person, now=now), now=now
    )
    write(
        Grant(
            hospital=hospital,
            account=account,
            patient=patient,
            relation=relation,
            scopes=SCOPES[Relation(relation)],
            made_at=now,
        )
    )
    return patient


def lock_person(document_index: str) -> Person:
    """The person's entry of the directory, found or made, locked until the command ends."""
    if not Person.objects.filter(document_index=document_index).exists():
        Person.objects.bulk_create([Person(document_index=document_index)], ignore_conflicts=True)
    return Person.objects.locked().get(document_index=document_index)


def _refuse_stranger(
    known: Patient, *, own: Grant | None, stated: CheckedIdentity, relation: str
) -> None:
    """Who is known already is only joined by who says the same of them, the phone included.

    Names and numbers of documents are in too many hands, and even the family reads and cancels.
    """
    if not same_name(known.name, stated.name):
        raise DetailsDiffer
    if own is not None:
        raise AlreadyYours
    selves = Grant.objects.filter(patient=known, relation=Relation.SELF, ended_at=None)
    if relation == Relation.SELF and selves.exists():
        raise HeldByAnother
    if known.phone_index != stated.phone_index:
        raise DetailsDiffer


def _refuse_too_many(account: Account, *, hospital: Hospital, relation: str) -> None:
    relations = list(
        Grant.objects.of_account(account.pk)
        .filter(hospital=hospital, ended_at=None)
        .values_list("relation", flat=True)
    )
    if relation == Relation.SELF and Relation.SELF in relations:
        raise SelfTaken
    if len(relations) >= MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
