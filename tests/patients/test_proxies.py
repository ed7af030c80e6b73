"""Who may act for somebody: asked, confirmed, narrowed, over."""

from datetime import date, timedelta

import pytest

from accounts.actions.use_code import CountedTry
from accounts.errors import CodeWrong
from accounts.models import Account, OneTimeCode, Role
from common import clock
from common.errors import DomainError
from patients.access import scopes_of
from patients.actions.ask_to_act import ask_for_more, ask_to_act
from patients.actions.confirm import (
    ask_grant_code,
    confirm_at_desk,
    confirm_by_code,
    confirm_on_phone,
    turn_down,
)
from patients.actions.register import register_patient
from patients.actions.revoke import revoke_grant
from patients.errors import (
    ConfirmationNeeded,
    DocumentNotSeen,
    GrantRequestOver,
    GrantRequestUnknown,
    GrantUnknown,
    OwnGrantKept,
    PhoneUnproven,
    ScopesUnclear,
    UntilUnclear,
)
from patients.identity import Identity
from patients.models import Grant, GrantRequest, Patient, Relation, Scope
from tests import make

pytestmark = pytest.mark.django_db
BASIC = ["book", "pay", "queue"]


class Family:
    """A father who is in the app, and a daughter who is too, each with their own phone."""

    def __init__(self) -> None:
        self.hospital = make.hospital()
        self.fathers, self.daughters = make.account(), make.account()
        self.number = make.resident_id()
        self.father = make.patient(
            hospital=self.hospital, account=self.fathers, document_number=self.number
        )
        make.patient(
            hospital=self.hospital, account=self.daughters, name="王小梅", phone="13911112222"
        )

    @property
    def said(self) -> Identity:
        """What the daughter says of her father."""
        return Identity(name="王建国", document_number=self.number, phone="13800138000")

    def asks(self, *scopes: str, until_on: date | None = None) -> GrantRequest:
        """The daughter asks."""
        return ask_to_act(
            account=self.daughters,
            hospital=self.hospital,
            identity=self.said,
            relation=Relation.FAMILY,
            scopes=scopes or BASIC,
            until_on=until_on,
        )

    def may(self, account: Account | None = None) -> list[str]:
        """What the daughter may do for him now."""
        who = account or self.daughters
        return sorted(scopes_of(who.pk, self.father.pk, hospital_id=self.hospital.pk))


def test_who_is_known_is_not_joined_without_their_word() -> None:
    family = Family()

    with pytest.raises(ConfirmationNeeded):
        register_patient(
            account=family.daughters,
            hospital=family.hospital,
            identity=family.said,
            relation=Relation.FAMILY,
        )
    family.asks()

    assert family.may() == []


def test_who_is_new_may_be_booked_for_at_once_and_read_by_nobody() -> None:
    father = make.patient(relation=Relation.FAMILY)
    grant = Grant.objects.get(patient=father)

    assert (grant.scopes, grant.confirmed_at) == (BASIC, None)
    assert grant.expires_at is not None
    assert clock.local(grant.expires_at).date() == clock.today() + timedelta(days=366)


def test_yes_on_his_own_phone_grants_what_was_asked_and_no_more() -> None:
    family = Family()
    asked = family.asks(*BASIC, Scope.REPORTS, until_on=clock.today() + timedelta(days=30))

    confirm_on_phone(
        account=family.fathers,
        hospital=family.hospital,
        request_id=asked.pk,
        scopes=[Scope.QUEUE, Scope.REPORTS],
        until_on=clock.today(),
    )

    assert family.may() == ["queue", "reports"]
    clock.shift(timedelta(hours=16))  # from eight in the morning to midnight
    assert family.may() == []


def test_more_than_was_asked_is_not_granted() -> None:
    family = Family()
    asked = family.asks(Scope.QUEUE)

    with pytest.raises(ScopesUnclear):
        confirm_on_phone(
            account=family.fathers,
            hospital=family.hospital,
            request_id=asked.pk,
            scopes=[Scope.QUEUE, Scope.REPORTS],
        )

    assert family.may() == []


def test_nobody_says_yes_to_themselves_or_for_a_stranger() -> None:
    family = Family()
    asked = family.asks()

    for account in (family.daughters, make.account()):
        with pytest.raises(GrantRequestUnknown):
            confirm_on_phone(account=account, hospital=family.hospital, request_id=asked.pk)


def test_the_desk_sees_his_document() -> None:
    family = Family()
    desk = make.staff(hospital=family.hospital, role=Role.RECORDS_OFFICE)
    asked = family.asks(*BASIC, Scope.INPATIENT)
    with pytest.raises(DocumentNotSeen):
        confirm_at_desk(staff=desk, request_id=asked.pk, document_number=make.resident_id())

    grant = confirm_at_desk(
        staff=desk, request_id=asked.pk, document_number=f" {family.number.lower()} "
    )

    assert (grant.confirmed_by, grant.confirmed_staff) == ("desk", desk)
    assert family.may() == ["book", "inpatient", "pay", "queue"]


def test_a_desk_elsewhere_knows_no_such_request() -> None:
    asked = Family().asks()

    with pytest.raises(GrantRequestUnknown):
        confirm_at_desk(staff=make.staff(), request_id=asked.pk, document_number="")


def test_a_wrong_code_grants_nothing_and_a_code_goes_to_his_phone() -> None:
    family = Family()
    asked = family.asks()
    code = ask_grant_code(account=family.daughters, hospital=family.hospital, request_id=asked.pk)

    with pytest.raises(CodeWrong):
        confirm_by_code(
            account=family.daughters,
            hospital=family.hospital,
            request_id=asked.pk,
            tried=CountedTry(code.pk, "000000"),
        )

    assert (code.phone, code.said_by) == ("13800138000", "王小梅")
    assert family.may() == []


def test_a_phone_that_came_from_who_asks_proves_nothing() -> None:
    account = make.account()
    father = make.patient(account=account, relation=Relation.FAMILY)
    asked = ask_for_more(account=account, patient=father, scopes=[Scope.REPORTS])

    with pytest.raises(PhoneUnproven):
        ask_grant_code(account=account, hospital=father.hospital, request_id=asked.pk)

    assert not OneTimeCode.objects.exists()


def test_his_number_on_her_own_phone_proves_nothing() -> None:
    family = Family()
    Patient.objects.exclude(pk=family.father.pk).update(phone_index=family.father.phone_index)
    asked = family.asks()

    with pytest.raises(PhoneUnproven):
        ask_grant_code(account=family.daughters, hospital=family.hospital, request_id=asked.pk)


def test_a_request_is_over_when_answered_taken_back_or_old() -> None:
    family = Family()
    answered, old = family.asks(), Family()
    turn_down(account=family.fathers, hospital=family.hospital, request_id=answered.pk)
    aged = old.asks()
    clock.shift(timedelta(days=7))

    for one, asked in ((family, answered), (old, aged)):
        with pytest.raises(GrantRequestOver):
            confirm_on_phone(account=one.fathers, hospital=one.hospital, request_id=asked.pk)


def test_asking_again_takes_the_place_of_the_first_request() -> None:
    family = Family()
    first, second = family.asks(), family.asks(Scope.QUEUE)

    with pytest.raises(GrantRequestOver):
        confirm_on_phone(account=family.fathers, hospital=family.hospital, request_id=first.pk)
    confirm_on_phone(account=family.fathers, hospital=family.hospital, request_id=second.pk)

    assert family.may() == ["queue"]


@pytest.mark.parametrize(
    ("scopes", "days", "refusal"),
    [([], 1, ScopesUnclear), (["all"], 1, ScopesUnclear), (["book"], -1, UntilUnclear)],
)
def test_what_is_unclear_is_not_asked(
    scopes: list[str], days: int, refusal: type[DomainError]
) -> None:
    family = Family()

    with pytest.raises(refusal):
        ask_to_act(
            account=family.daughters,
            hospital=family.hospital,
            identity=family.said,
            relation=Relation.FAMILY,
            scopes=scopes,
            until_on=clock.today() + timedelta(days=days),
        )


def granted(family: Family, *scopes: str) -> Grant:
    asked = family.asks(*scopes)
    return confirm_on_phone(account=family.fathers, hospital=family.hospital, request_id=asked.pk)


@pytest.mark.parametrize("who", ["fathers", "daughters"])
def test_one_tap_ends_a_grant_by_either_side(who: str) -> None:
    family = Family()
    grant = granted(family)

    revoke_grant(account=getattr(family, who), hospital=family.hospital, grant_id=grant.pk)

    assert family.may() == []


def test_nobody_else_ends_a_grant_and_nobody_ends_their_own_self() -> None:
    family = Family()
    grant = granted(family)
    own = Grant.objects.get(account=family.fathers)

    with pytest.raises(GrantUnknown):
        revoke_grant(account=make.account(), hospital=family.hospital, grant_id=grant.pk)
    with pytest.raises(OwnGrantKept):
        revoke_grant(account=family.fathers, hospital=family.hospital, grant_id=own.pk)

    assert family.may() == BASIC
    assert len(family.may(family.fathers)) == len(Scope)


def test_from_fourteen_on_results_wait_for_the_young_persons_word() -> None:
    mother, hospital = make.account(), make.hospital()
    make.patient(hospital=hospital, account=mother)
    number = make.resident_id(born_on=date(2012, 3, 5))  # fourteen on Thursday
    child = make.patient(
        hospital=hospital,
        account=mother,
        name="王小明",
        document_number=number,
        relation=Relation.GUARDIAN,
    )
    seen = [Scope.REPORTS in scopes_of(mother.pk, child.pk, hospital_id=hospital.pk)]

    clock.shift(timedelta(days=3))
    seen.append(Scope.REPORTS in scopes_of(mother.pk, child.pk, hospital_id=hospital.pk))
    asked = ask_for_more(account=mother, patient=child, scopes=[Scope.REPORTS])
    desk = make.staff(hospital=hospital, role=Role.BOOKING_OFFICE)
    confirm_at_desk(staff=desk, request_id=asked.pk, document_number=number)
    seen.append(Scope.REPORTS in scopes_of(mother.pk, child.pk, hospital_id=hospital.pk))

    assert seen == [True, False, True]


def test_a_phone_that_another_account_of_theirs_typed_proves_nothing() -> None:
    family = Family()
    number = make.resident_id()
    mother = Identity(name="李秀兰", document_number=number, phone="13700001111")
    register_patient(
        account=make.account(), hospital=family.hospital, identity=mother, relation=Relation.FAMILY
    )
    asked = ask_to_act(
        account=family.daughters,
        hospital=family.hospital,
        identity=mother,
        relation=Relation.FAMILY,
        scopes=[Scope.REPORTS],
    )

    with pytest.raises(PhoneUnproven):
        ask_grant_code(account=family.daughters, hospital=family.hospital, request_id=asked.pk)

    assert not OneTimeCode.objects.exists()
