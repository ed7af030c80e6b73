"""Who may act for whom after registering."""

import pytest

from common.crypto import blind_index
from common.errors import DomainError
from patients.actions.register import MOST_PEOPLE, register_patient
from patients.errors import (
    AlreadyYours,
    DetailsDiffer,
    DocumentCheckWrong,
    HeldByAnother,
    SelfTaken,
    TooManyPeople,
)
from patients.identity import Identity
from patients.models import ALL_SCOPES, Grant, Patient, Person, Relation
from tests import make

pytestmark = pytest.mark.django_db


def rows() -> tuple[int, int, int]:
    """How many persons, patients and grants there are."""
    return Person.objects.count(), Patient.objects.count(), Grant.objects.count()


def test_somebody_registers_and_may_do_everything_for_themselves() -> None:
    patient = make.patient(name="欧阳𬱖")

    kept = Patient.objects.get(pk=patient.pk)
    assert (kept.name, kept.sex, kept.born_on.isoformat()) == ("欧阳𬱖", kept.sex, "1958-03-12")
    assert Grant.objects.get().scopes == ALL_SCOPES


def test_the_family_may_book_pay_and_wait_but_not_read_results() -> None:
    make.patient(relation=Relation.FAMILY)

    assert Grant.objects.get().scopes == ["book", "pay", "queue"]


def test_nothing_that_could_be_read_is_kept_of_the_document() -> None:
    number = make.resident_id()
    make.patient(document_number=number)

    assert Person.objects.filter(
        document_index=blind_index("person.document", f"resident_id:{number}")
    ).exists()
    assert number not in str(Person.objects.values().get())


def test_asking_again_changes_nothing() -> None:
    account = make.account()
    number = make.resident_id()
    first = make.patient(account=account, document_number=number)

    again = make.patient(
        account=account, hospital=first.hospital, document_number=number.lower() + " "
    )

    assert again == first
    assert rows() == (1, 1, 1)


def test_a_person_is_one_in_the_directory_and_a_patient_in_each_hospital() -> None:
    account, number = make.account(), make.resident_id()

    here = make.patient(account=account, document_number=number)
    there = make.patient(account=account, document_number=number)

    assert here.person_id == there.person_id
    assert here.pk != there.pk


def test_a_person_whom_another_account_holds_is_not_given_away() -> None:
    number = make.resident_id()
    held = make.patient(document_number=number)
    before = rows()

    with pytest.raises(HeldByAnother) as refusal:
        make.patient(hospital=held.hospital, document_number=number)

    assert rows() == before
    assert refusal.value.facts == {}


@pytest.mark.parametrize("relation", [Relation.SELF, Relation.FAMILY])
def test_another_name_for_a_known_document_leads_to_the_counter(relation: str) -> None:
    number = make.resident_id()
    held = make.patient(document_number=number, name="王建国")
    before = rows()

    with pytest.raises(DetailsDiffer):
        make.patient(
            hospital=held.hospital, document_number=number, name="李秀英", relation=relation
        )

    assert rows() == before


def test_to_be_somebody_whom_the_family_registered_takes_their_phone() -> None:
    number = make.resident_id()
    known = make.patient(document_number=number, relation=Relation.FAMILY, phone="13800138000")

    with pytest.raises(DetailsDiffer):
        make.patient(hospital=known.hospital, document_number=number, phone="13900139000")

    assert (
        make.patient(hospital=known.hospital, document_number=number, phone="13800138000") == known
    )


def test_an_account_is_one_person_in_a_hospital() -> None:
    account = make.account()
    myself = make.patient(account=account)

    with pytest.raises(SelfTaken):
        make.patient(account=account, hospital=myself.hospital)


def test_a_relation_once_stated_is_not_stated_otherwise() -> None:
    account, number = make.account(), make.resident_id()
    mother = make.patient(account=account, document_number=number, relation=Relation.FAMILY)

    with pytest.raises(AlreadyYours):
        make.patient(account=account, hospital=mother.hospital, document_number=number)


def test_one_account_looks_after_a_family_not_a_queue() -> None:
    account, hospital = make.account(), make.hospital()
    for _ in range(MOST_PEOPLE):
        make.patient(account=account, hospital=hospital, relation=Relation.FAMILY)

    with pytest.raises(TooManyPeople):
        make.patient(account=account, hospital=hospital, relation=Relation.FAMILY)


@pytest.mark.parametrize(
    "wrong", [{"name": "王😀"}, {"phone": "123"}, {"document_number": "110105194912310021"}]
)
def test_a_refused_registration_leaves_nothing_behind(wrong: dict[str, str]) -> None:
    stated = {"name": "王建国", "phone": "13800138000", "document_number": make.resident_id()}

    with pytest.raises(DomainError):
        register_patient(
            account=make.account(),
            hospital=make.hospital(),
            identity=Identity(**{**stated, **wrong}),  # type: ignore[arg-type]
            relation=Relation.SELF,
        )

    assert rows() == (0, 0, 0)


def test_a_refusal_never_repeats_what_was_typed() -> None:
    with pytest.raises(DocumentCheckWrong) as refusal:
        make.patient(document_number="110105194912310021")

    assert "110105" not in f"{refusal.value} {refusal.value.facts}"


def test_a_patient_number_can_be_said_aloud_and_checked() -> None:
    number = make.patient().number

    assert (len(number), number[:5], number.isdecimal()) == (12, "26061", True)


def test_a_stranger_who_knows_name_and_number_is_not_the_family() -> None:
    number = make.resident_id()
    known = make.patient(document_number=number, name="欧阳静", phone="13800138000")
    thief = make.account()

    with pytest.raises(DetailsDiffer):
        make.patient(
            hospital=known.hospital,
            account=thief,
            document_number=number,
            name="欧阳静",
            phone="13911112222",
            relation=Relation.FAMILY,
        )

    assert not Grant.objects.filter(account=thief).exists()
