"""Somebody registers themselves, or one of the family, with a hospital."""

from accounts.models import Account
from common import clock
from common.commands import action, write
from common.crypto import hold_indexes
from common.locking import RowQuerySet
from hospitals.models import Hospital
from patients.claims import claim_of
from patients.details import same_name
from patients.directory import lock_person
from patients.errors import (
    AlreadyYours,
    ConfirmationNeeded,
    DetailsDiffer,
    GuardianNeeded,
    GuardianOfAdult,
    GuardianUnregistered,
    HeldByAnother,
    SelfTaken,
    TooManyPeople,
)
from patients.granting import first_grant
from patients.identity import CheckedIdentity, Identity
from patients.minors import is_under_14, is_under_18
from patients.models import Grant, Patient, Person, Relation
from patients.numbers import insert_with_number

MOST_PEOPLE = 10  # one account in one hospital; who needs more is no family


@action
def register_patient(
    *, account: Account, hospital: Hospital, identity: Identity, relation: str
) -> Patient:
    """Let the account act for the person with this document, known to the hospital from now on.

    Asking again changes nothing. Raises NameInvalid, PhoneInvalid, the document's own errors,
    GuardianNeeded, GuardianUnregistered, GuardianOfAdult, HeldByAnother, DetailsDiffer,
    AlreadyYours, SelfTaken, TooManyPeople, InFlight; and ConfirmationNeeded where the hospital
    knows the person already: that is asked for by `ask_to_act`.
    """
    now = clock.now()
    hold_indexes()
    stated = identity.checked(today=clock.local(now).date())
    _refuse_wrong_guardian(account, hospital=hospital, stated=stated, relation=relation)
    RowQuerySet(Account).locked().get(pk=account.pk)  # counted below: one registration at a time
    person = lock_person(stated.document.index)
    known = Patient.objects.filter(hospital=hospital, person=person).first()
    if known is not None:
        own = _own_grant(account, known)
        if own is not None and own.relation == relation and same_name(known.name, stated.name):
            return known
        _refuse_stranger(known, own=own, stated=stated, relation=relation)
        raise ConfirmationNeeded
    refuse_too_many(account, hospital=hospital, relation=relation)

    patient = _enter_patient(stated, hospital=hospital, person=person)
    first_grant(account, patient=patient, relation=relation)
    return patient


def known_as(
    account: Account, *, hospital: Hospital, identity: Identity, relation: str
) -> Patient | None:
    """Whom the hospital knows by this document, locked, where what is said shows that it is them.

    Raises what registering raises.
    """
    stated = identity.checked(today=clock.today())
    _refuse_wrong_guardian(account, hospital=hospital, stated=stated, relation=relation)
    person = lock_person(stated.document.index)
    known = Patient.objects.filter(hospital=hospital, person=person).first()
    if known is not None:
        own = _own_grant(account, known)
        _refuse_stranger(known, own=own, stated=stated, relation=relation)
    return known


def _own_grant(account: Account, known: Patient) -> Grant | None:
    return Grant.objects.valid(clock.now()).of_account(account.pk).filter(patient=known).first()


def _enter_patient(stated: CheckedIdentity, *, hospital: Hospital, person: Person) -> Patient:
    """A new patient of the hospital, and the document as their claim."""
    now = clock.now()
    patient = insert_with_number(
        stated.as_patient(hospital=hospital, person=person, now=now), now=now
    )
    write(claim_of(patient, checked=stated.document, now=now))
    return patient


def _refuse_wrong_guardian(
    account: Account, *, hospital: Hospital, stated: CheckedIdentity, relation: str
) -> None:
    """A child under 14 is registered by a guardian, who is known here and of age (PIPL 31)."""
    now = clock.now()
    today, born_on = clock.local(now).date(), stated.document.born_on
    if relation != Relation.GUARDIAN:
        if is_under_14(born_on, today):
            raise GuardianNeeded
        return
    if not is_under_18(born_on, today):
        raise GuardianOfAdult
    selves = Grant.objects.valid(now).of_account(account.pk).filter(relation=Relation.SELF)
    own = selves.filter(hospital=hospital).select_related("patient").first()
    if own is None or is_under_18(own.patient.born_on, today):
        raise GuardianUnregistered


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


def refuse_too_many(account: Account, *, hospital: Hospital, relation: str) -> None:
    """Raises SelfTaken, TooManyPeople."""
    relations = list(
        Grant.objects.valid(clock.now())
        .of_account(account.pk)
        .filter(hospital=hospital)
        .values_list("relation", flat=True)
    )
    if relation == Relation.SELF and Relation.SELF in relations:
        raise SelfTaken
    if len(relations) >= MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
