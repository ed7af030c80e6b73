"""Phones that register the same person at the same moment, on PostgreSQL with real threads."""

from collections.abc import Sequence
from functools import partial

import pytest
from django.db import IntegrityError

from accounts.models import Account
from common.locking import without_guard
from hospitals.models import Hospital
from patients.actions.register import MOST_PEOPLE
from patients.errors import HeldByAnother, TooManyPeople
from patients.models import Grant, Patient, Person, Relation
from tests import make
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
TRIES = 20


def troubles(outcomes: Sequence[object]) -> list[type[Exception]]:
    """The kinds of what was raised."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def known_number() -> str:
    """The document of somebody whom the directory knows from another hospital."""
    number = make.resident_id()
    make.patient(document_number=number)
    return number


def four_phones(hospital: Hospital, number: str, *, accounts: list[Account]) -> Sequence[object]:
    """What becomes of four phones that register one person in the hospital."""
    runners = [
        lambda account=account: make.patient(
            account=account, hospital=hospital, document_number=number
        )
        for account in accounts
    ]
    return race(runners)


def strangers() -> list[Account]:
    """Four accounts."""
    return [make.account() for _ in range(4)]


def test_of_four_phones_one_becomes_the_person_and_three_go_to_the_counter() -> None:
    hospital, number = make.hospital(), make.resident_id()

    outcomes = four_phones(hospital, number, accounts=strangers())

    assert troubles(outcomes) == [HeldByAnother] * 3
    assert Person.objects.count() == Patient.objects.count() == Grant.objects.count() == 1


def test_four_taps_of_one_phone_are_one_registration() -> None:
    hospital, number, account = make.hospital(), make.resident_id(), make.account()

    outcomes = four_phones(hospital, number, accounts=[account] * 4)

    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, Patient)}) == 1
    assert troubles(outcomes) == []
    assert Grant.objects.count() == 1


def test_a_person_known_elsewhere_is_no_exception() -> None:
    hospital, number = make.hospital(), known_number()

    outcomes = four_phones(hospital, number, accounts=strangers())

    assert troubles(outcomes) == [HeldByAnother] * 3


def test_without_the_persons_lock_phones_collide_at_the_constraint() -> None:
    """The twin: with the guard off, somebody meets an error instead of an answer."""

    def goes_wrong() -> bool:
        with without_guard("locks"):
            outcomes = four_phones(make.hospital(), known_number(), accounts=strangers())
        return bool({IntegrityError, RuntimeError} & set(troubles(outcomes)))

    assert any(goes_wrong() for _ in range(TRIES))


def four_more(account: Account, hospital: Hospital) -> Sequence[object]:
    """What becomes of four people whom one account adds at once, when it may add one."""
    for _ in range(MOST_PEOPLE - 1):
        make.patient(hospital=hospital, account=account, relation=Relation.FAMILY)
    runners = [
        partial(make.patient, hospital=hospital, account=account, relation=Relation.FAMILY)
        for _ in range(4)
    ]
    return race(runners)


def test_many_at_once_do_not_pass_the_most_people_of_an_account() -> None:
    outcomes = four_more(make.account(), make.hospital())

    assert troubles(outcomes) == [TooManyPeople] * 3
    assert Grant.objects.count() == MOST_PEOPLE


def test_without_the_accounts_lock_an_account_has_too_many_people() -> None:
    def goes_wrong() -> bool:
        account = make.account()
        with without_guard("locks"):
            four_more(account, make.hospital())
        return Grant.objects.of_account(account.pk).count() > MOST_PEOPLE

    assert any(goes_wrong() for _ in range(TRIES))
