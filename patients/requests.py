"""Requests to act for somebody: whose they are, and what can still become of them."""

from uuid import UUID

from accounts.models import Account
from common import clock
from common.crypto import blind_index
from common.locking import RowQuerySet
from hospitals.models import Hospital
from patients.errors import GrantRequestOver, GrantRequestUnknown, PhoneUnproven
from patients.minors import is_under_14
from patients.models import Grant, GrantRequest, Patient, Person, Relation
from patients.people import joined_with, one_with


def lock_request(request_id: UUID, *, hospital: Hospital) -> GrantRequest:
    """The open request, its person locked. Raises GrantRequestUnknown, GrantRequestOver."""
    rows = GrantRequest.objects.filter(hospital=hospital, pk=request_id)
    found = rows.select_related("patient").first()
    if found is None:
        raise GrantRequestUnknown(request_id=request_id)
    Person.objects.locked().get(pk=found.patient.person_id)
    again = rows.select_related("patient", "account").get()
    if not again.is_open:
        raise GrantRequestOver(request_id=request_id)
    return again


def decides_for(account_id: UUID, patient: Patient) -> bool:
    """Whether the account speaks for the patient: it is theirs, or a guardian's of under 14.

    Charts that were joined are one patient: whoever speaks for one speaks for the other.
    """
    valid = Grant.objects.valid(clock.now()).of_account(account_id)
    grants = valid.filter(patient__in=one_with(patient.pk))
    relations = set(grants.values_list("relation", flat=True))
    is_guarded = is_under_14(patient.born_on, clock.today())
    return Relation.SELF in relations or (is_guarded and Relation.GUARDIAN in relations)


def asked_of(account_id: UUID, hospital: Hospital) -> list[GrantRequest]:
    """Open requests which this account may answer, the oldest first."""
    mine = Grant.objects.valid(clock.now()).of_account(account_id).filter(hospital=hospital)
    patients = [one.patient for one in mine.select_related("patient")]
    decided = [one.pk for one in patients if decides_for(account_id, one)]
    rows = open_requests().filter(hospital=hospital, patient__in=joined_with(decided))
    return list(rows.exclude(account_id=account_id).order_by("pk"))


def open_requests() -> RowQuerySet[GrantRequest]:
    """Those that somebody may still answer."""
    rows = GrantRequest.objects.filter(answered_at=None, lapses_at__gt=clock.now())
    return rows.select_related("patient", "account")


def refuse_unproven_phone(request: GrantRequest) -> None:
    """A code proves nothing where the phone on file came from who asks. Raises PhoneUnproven.

    They registered the person and typed the number, or it is their own; nor where any other
    account than the person's own typed it, for one hand can hold two accounts.
    """
    patient = request.patient
    own = Grant.objects.of_account(request.account_id).selves().filter(ended_at=None)
    if own.filter(patient__phone_index=blind_index("patient.phone", patient.phone)).exists():
        raise PhoneUnproven(request_id=request.pk)
    first = Grant.objects.filter(patient=patient).order_by("made_at", "pk").first()
    is_typed = first is not None and first.made_at == patient.made_at
    is_strange = first is not None and first.relation != Relation.SELF
    if is_typed and first is not None and (is_strange or first.account_id == request.account_id):
        raise PhoneUnproven(request_id=request.pk)


def name_of_asker(account: Account, hospital: Hospital) -> str:
    """How the person knows who asks: their own name here, or nothing."""
    own = Grant.objects.of_account(account.pk).selves().filter(hospital=hospital, ended_at=None)
    mine = own.select_related("patient").first()
    return mine.patient.name if mine else ""
