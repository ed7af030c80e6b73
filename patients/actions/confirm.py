"""The person says yes to who may act for them: by code, on their own phone, or at the desk."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from accounts.actions.ask_code import CodeFor, ask_code
from accounts.actions.use_code import CountedTry, use_code
from accounts.models import Account, OneTimeCode, Staff
from common import clock
from common.commands import action
from hospitals.models import Hospital
from patients.errors import (
    DocumentNotSeen,
    GrantRequestUnknown,
    HeldByAnother,
    ScopesUnclear,
    SelfTaken,
    UntilUnclear,
)
from patients.granting import end_of, read_scopes, replace_grant
from patients.models import Grant, GrantRequest, GrantWay, Patient, Relation
from patients.requests import decides_for, lock_request, name_of_asker, refuse_unproven_phone


@action
def ask_grant_code(*, account: Account, hospital: Hospital, request_id: UUID) -> OneTimeCode:
    """A code is on its way to the phone that the hospital has for the person.

    Raises GrantRequestUnknown, GrantRequestOver, PhoneUnproven, CodeTooSoon, CodeTooMany.
    """
    request = _asked_by(account, request_id, hospital=hospital)
    refuse_unproven_phone(request)
    return ask_code(
        account=account,
        hospital=hospital,
        wanted=CodeFor(
            use=OneTimeCode.Use.GRANT,
            subject_id=request.pk,
            phone=request.patient.phone,
            said_by=name_of_asker(account, hospital),
        ),
    )


@action
def confirm_by_code(
    *, account: Account, hospital: Hospital, request_id: UUID, tried: CountedTry
) -> Grant:
    """The person told the asker the code that went to their phone: what was asked is granted.

    Raises GrantRequestUnknown, GrantRequestOver, PhoneUnproven, CodeWrong, HeldByAnother,
    SelfTaken.
    """
    request = _asked_by(account, request_id, hospital=hospital)
    refuse_unproven_phone(request)
    _refuse_second_self(request)
    use_code(tried=tried, use=OneTimeCode.Use.GRANT, subject_id=request.pk)
    return _grant(request, way=GrantWay.SMS)


@action
def confirm_on_phone(
    *,
    account: Account,
    hospital: Hospital,
    request_id: UUID,
    scopes: Collection[str] | None = None,
    until_on: date | None = None,
) -> Grant:
    """The person said yes on their own phone, to all that was asked or to less.

    Raises GrantRequestUnknown for whoever does not speak for the person, GrantRequestOver,
    ScopesUnclear, UntilUnclear.
    """
    request = lock_request(request_id, hospital=hospital)
    if request.account_id == account.pk or not decides_for(account.pk, request.patient):
        raise GrantRequestUnknown(request_id=request_id)
    _refuse_second_self(request)
    _narrow(request, scopes=scopes, until_on=until_on)
    return _grant(request, way=GrantWay.PHONE)


@action
def confirm_at_desk(
    *,
    staff: Staff,
    request_id: UUID,
    document_number: str,
    scopes: Collection[str] | None = None,
) -> Grant:
    """Staff saw the person and their document, whose number they typed: what was asked is granted.

    Raises GrantRequestUnknown, GrantRequestOver, DocumentNotSeen, ScopesUnclear, HeldByAnother,
    SelfTaken.
    """
    request = lock_request(request_id, hospital=staff.hospital)
    _refuse_unseen(request.patient, document_number)
    _refuse_second_self(request)
    _narrow(request, scopes=scopes, until_on=None)
    return _grant(request, way=GrantWay.DESK, staff=staff)


@action
def turn_down(*, account: Account, hospital: Hospital, request_id: UUID) -> GrantRequest:
    """The person said no, or who asked took it back.

    Raises GrantRequestUnknown, GrantRequestOver.
    """
    request = lock_request(request_id, hospital=hospital)
    if request.account_id != account.pk and not decides_for(account.pk, request.patient):
        raise GrantRequestUnknown(request_id=request_id)

    return _answer(request, is_granted=False)


def _asked_by(account: Account, request_id: UUID, *, hospital: Hospital) -> GrantRequest:
    request = lock_request(request_id, hospital=hospital)
    if request.account_id != account.pk:
        raise GrantRequestUnknown(request_id=request_id)
    return request


def _refuse_unseen(patient: Patient, document_number: str) -> None:
    typed = "".join(document_number.split()).upper()
    if typed != patient.document_number.upper():
        raise DocumentNotSeen


def _refuse_second_self(request: GrantRequest) -> None:
    """Raises HeldByAnother, SelfTaken."""
    if request.relation != Relation.SELF:
        return
    selves = Grant.objects.selves().filter(hospital=request.hospital, ended_at=None)
    if selves.filter(patient=request.patient).exclude(account=request.account).exists():
        raise HeldByAnother
    if selves.filter(account=request.account).exclude(patient=request.patient).exists():
        raise SelfTaken


def _narrow(
    request: GrantRequest, *, scopes: Collection[str] | None, until_on: date | None
) -> None:
    """Less than was asked for is granted, never more."""
    if scopes is not None:
        chosen = read_scopes(scopes)
        if not set(chosen) <= set(request.scopes):
            raise ScopesUnclear
        request.scopes = chosen
    if until_on is not None:
        if not clock.today() <= until_on <= request.until_on:
            raise UntilUnclear(latest=request.until_on)
        request.until_on = until_on


def _grant(request: GrantRequest, *, way: GrantWay, staff: Staff | None = None) -> Grant:
    _answer(request, is_granted=True)
    grant = Grant(
        hospital_id=request.hospital_id,
        account_id=request.account_id,
        patient=request.patient,
        relation=request.relation,
        scopes=request.scopes,
        expires_at=None if request.relation == Relation.SELF else end_of(request.until_on),
    )
    return replace_grant(grant, way=way, staff=staff)


def _answer(request: GrantRequest, *, is_granted: bool) -> GrantRequest:
    request.answered_at, request.is_granted = clock.now(), is_granted
    request.save(update_fields=["answered_at", "is_granted"])
    return request
