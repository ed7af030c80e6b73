"""Whom an account may act for, and the lines that say who was shown what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from common import clock
from patients.access import (
    has_scope,
    patient_for,
    patients_of,
    show_record,
    show_to_family,
)
from patients.errors import PatientUnknown
from patients.models import AccessLine, Grant, Relation, Scope
from tests import make

pytestmark = pytest.mark.django_db


def test_an_account_acts_for_the_patient_it_registered() -> None:
    account = make.account()
    patient = make.patient(account=account)

    found = patient_for(account, patient.pk, scope=Scope.BOOK, hospital=patient.hospital)

    assert found == patient


def test_a_strangers_patient_and_one_that_never_was_are_refused_alike() -> None:
    stranger = make.account()
    patient = make.patient()

    with pytest.raises(PatientUnknown):
        patient_for(stranger, patient.pk, scope=Scope.BOOK, hospital=patient.hospital)
    with pytest.raises(PatientUnknown):
        patient_for(stranger, uuid4(), scope=Scope.BOOK, hospital=patient.hospital)


def test_a_patient_of_one_hospital_is_unknown_in_another() -> None:
    account = make.account()
    patient = make.patient(account=account)

    with pytest.raises(PatientUnknown):
        patient_for(account, patient.pk, scope=Scope.BOOK, hospital=make.hospital())


def test_the_family_books_but_does_not_read_reports() -> None:
    account = make.account()
    patient = make.patient(account=account, relation=Relation.FAMILY)

    assert patient_for(account, patient.pk, scope=Scope.BOOK, hospital=patient.hospital) == patient
    with pytest.raises(PatientUnknown):
        patient_for(account, patient.pk, scope=Scope.REPORTS, hospital=patient.hospital)


def test_a_grant_that_expired_or_ended_allows_nothing() -> None:
    account = make.account()
    expired = make.patient(account=account)
    ended = make.patient(hospital=expired.hospital, account=account, relation=Relation.FAMILY)
    Grant.objects.filter(patient=expired).update(expires_at=clock.now() + timedelta(hours=1))
    Grant.objects.filter(patient=ended).update(ended_at=clock.now())

    clock.shift(timedelta(hours=1))

    assert not has_scope(account.pk, expired.pk, scope=Scope.BOOK)
    assert not has_scope(account.pk, ended.pk, scope=Scope.BOOK)
    assert list(patients_of(account.pk, expired.hospital)) == []


def test_an_account_sees_its_own_people_in_one_hospital_alone() -> None:
    account = make.account()
    mine = make.patient(account=account)
    make.patient(hospital=mine.hospital)
    make.patient(account=account)

    assert list(patients_of(account.pk, mine.hospital)) == [mine]


def test_the_family_acts_within_its_scopes_and_the_person_within_all() -> None:
    daughter, herself = make.account(), make.account()
    number = make.resident_id()
    patient = make.patient(account=daughter, relation=Relation.FAMILY, document_number=number)
    make.patient(account=herself, hospital=patient.hospital, document_number=number)

    assert all(has_scope(who.pk, patient.pk, scope=Scope.QUEUE) for who in (herself, daughter))
    assert has_scope(herself.pk, patient.pk, scope=Scope.REPORTS)
    assert not has_scope(daughter.pk, patient.pk, scope=Scope.REPORTS)


def test_a_page_of_rows_leaves_one_line_each_in_one_insert(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = make.patient()
    second = make.patient(hospital=first.hospital)
    doctor = make.staff(hospital=first.hospital)

    with django_assert_num_queries(4):  # the savepoint, the marks, one INSERT, its release
        show_record(staff=doctor, patients=[first, second, first], shown="queue", reason="today")

    lines = AccessLine.objects.order_by("patient_id")
    assert [line.patient_id for line in lines] == sorted([first.pk, second.pk])
    assert {(line.staff_id, line.hospital_id) for line in lines} == {(doctor.pk, first.hospital_id)}


def test_nobody_is_shown_a_record_without_a_name() -> None:
    with pytest.raises(TypeError):
        show_record(patients=[make.patient()], shown="queue", reason="today")


def test_a_family_member_leaves_one_line_a_day_and_the_person_none() -> None:
    daughter, herself = make.account(), make.account()
    number = make.resident_id()
    patient = make.patient(account=herself, document_number=number)
    make.patient(
        account=daughter,
        hospital=patient.hospital,
        document_number=number,
        relation=Relation.FAMILY,
    )

    for account in (daughter, daughter, herself):
        show_to_family(account_id=account.pk, patients=[patient], shown="day", is_daily=True)
    clock.shift(timedelta(days=1))
    show_to_family(account_id=daughter.pk, patients=[patient], shown="day", is_daily=True)

    lines = AccessLine.objects.filter(patient=patient, shown="day")
    assert [line.account_id for line in lines] == [daughter.pk, daughter.pk]


def test_a_page_that_is_not_daily_leaves_a_line_each_time() -> None:
    daughter = make.account()
    patient = make.patient(account=daughter, relation=Relation.FAMILY)

    for _ in range(2):
        show_to_family(account_id=daughter.pk, patients=[patient], shown="visits")

    assert AccessLine.objects.filter(shown="visits", account=daughter).count() == 2
