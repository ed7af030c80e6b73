"""Documents are claims: who verifies them, whom they find, and what happens when two have one."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from accounts.models import Role
from patients.actions.add_document import add_document
from patients.actions.register import register_patient
from patients.actions.verify import confirm_original
from patients.actions.void import void_document
from patients.directory import patients_with_document
from patients.document_kinds import StatedDocument, document_index
from patients.errors import (
    DocumentTaken,
    DocumentUnknown,
    DocumentVoid,
    GuardianNeeded,
    GuardianOfAdult,
    GuardianUnregistered,
)
from patients.identity import Identity
from patients.models import (
    Document,
    DocumentType,
    Grant,
    MergeReview,
    Patient,
    Person,
    PersonDocument,
    Relation,
    Sex,
    Way,
)
from tests import make

pytestmark = pytest.mark.django_db
PASSPORT = StatedDocument(
    type=DocumentType.PASSPORT,
    number="TK1234567",
    nationality="JPN",
    born_on=date(1958, 3, 12),
    sex=Sex.FEMALE,
)


def passport_index() -> str:
    """What the directory finds the passport by."""
    return document_index(DocumentType.PASSPORT, "TK1234567", nationality="JPN")


def claim_of(patient: Patient) -> Document:
    """The patient's first document."""
    return Document.objects.order_by("pk").get(patient=patient, type=patient.document_type)


def found_by(patient: Patient, index: str) -> list[Patient]:
    """Whom the document finds in the patient's hospital."""
    return list(patients_with_document(patient.hospital_id, [index]))


def test_what_somebody_types_is_a_claim_that_nobody_has_looked_at() -> None:
    patient = make.patient(is_verified=False)

    claim = claim_of(patient)
    assert (claim.status, claim.verified_at, patient.is_verified) == ("unverified", None, False)
    assert claim.check_due_at is None


def test_the_counter_saw_the_original() -> None:
    patient = make.patient(is_verified=False)
    clerk = make.staff(hospital=patient.hospital, role=Role.BOOKING_OFFICE)

    confirmed = confirm_original(staff=clerk, document_id=claim_of(patient).pk)
    again = confirm_original(staff=clerk, document_id=confirmed.pk)

    assert (again.way, again.verified_by) == (Way.COUNTER, clerk)
    assert Patient.objects.get(pk=patient.pk).is_verified


def test_another_hospitals_counter_knows_nothing_of_it() -> None:
    patient = make.patient(is_verified=False)

    with pytest.raises(DocumentUnknown):
        confirm_original(staff=make.staff(), document_id=claim_of(patient).pk)

    assert claim_of(patient).status == Document.Status.UNVERIFIED


def test_a_further_document_finds_the_person_too() -> None:
    patient = make.patient()
    clerk = make.staff(hospital=patient.hospital)

    added = add_document(staff=clerk, patient=patient, stated=PASSPORT)
    again = add_document(staff=clerk, patient=patient, stated=PASSPORT)

    assert added == again
    assert found_by(patient, passport_index()) == [patient]
    assert Document.objects.filter(patient=patient).count() == 2


def test_whoever_registers_with_the_further_document_is_the_same_person() -> None:
    here = make.patient()
    add_document(staff=make.staff(hospital=here.hospital), patient=here, stated=PASSPORT)

    there = register_patient(
        account=make.account(),
        hospital=make.hospital(),
        identity=Identity(
            name="Tanaka",
            document_number="TK1234567",
            phone="13800138000",
            document_type=DocumentType.PASSPORT,
            nationality="jpn",
            born_on=date(1958, 3, 12),
            sex=Sex.FEMALE,
        ),
        relation=Relation.SELF,
    )

    assert there.person_id == here.person_id


def test_a_document_of_another_patient_opens_a_merge_review_and_stays_a_claim() -> None:
    first = make.patient()
    second = make.patient(hospital=first.hospital)
    clerk = make.staff(hospital=first.hospital)
    add_document(staff=clerk, patient=first, stated=PASSPORT)

    claim = add_document(staff=clerk, patient=second, stated=PASSPORT)
    kept = confirm_original(staff=clerk, document_id=claim.pk)

    review = MergeReview.objects.get()
    assert {review.first, review.second} == {first, second}
    assert kept.status == Document.Status.UNVERIFIED
    assert found_by(first, passport_index()) == [first]


def test_a_document_of_somebody_unknown_here_is_not_taken() -> None:
    elsewhere = make.patient()
    add_document(staff=make.staff(hospital=elsewhere.hospital), patient=elsewhere, stated=PASSPORT)
    patient = make.patient()

    with pytest.raises(DocumentTaken):
        add_document(staff=make.staff(hospital=patient.hospital), patient=patient, stated=PASSPORT)

    assert Document.objects.filter(patient=patient).count() == 1


def test_a_void_document_finds_nobody_and_is_free_for_its_holder() -> None:
    number = make.resident_id()
    wrong = make.patient(document_number=number, name="王建国")
    clerk = make.staff(hospital=wrong.hospital)
    claim = claim_of(wrong)

    void_document(staff=clerk, document_id=claim.pk, because="本人从未登记")
    void_document(staff=clerk, document_id=claim.pk, because="本人从未登记")
    holder = make.patient(hospital=wrong.hospital, document_number=number, name="李秀英")

    assert holder.person_id != wrong.person_id
    assert not Patient.objects.get(pk=wrong.pk).is_verified
    with pytest.raises(DocumentVoid):
        confirm_original(staff=clerk, document_id=claim.pk)


def test_after_a_void_one_the_patient_shows_what_stands() -> None:
    patient = make.patient()
    clerk = make.staff(hospital=patient.hospital)
    first, passport = (
        claim_of(patient),
        add_document(staff=clerk, patient=patient, stated=PASSPORT),
    )
    confirm_original(staff=clerk, document_id=passport.pk)

    void_document(staff=clerk, document_id=first.pk, because="过期")

    shown = Patient.objects.get(pk=patient.pk)
    assert (shown.document_type, shown.document_number) == ("passport", "TK1234567")
    assert shown.is_verified


def test_a_newborns_certificate_gives_way_to_the_childs_own_number() -> None:
    mother = make.patient()
    child = register(mother, Relation.GUARDIAN, born_on=date(2026, 3, 1), certificate=True)
    clerk = make.staff(hospital=mother.hospital)
    number = make.resident_id(born_on=date(2026, 3, 1))

    added = add_document(
        staff=clerk,
        patient=child,
        stated=StatedDocument(type=DocumentType.HOUSEHOLD_REGISTER, number=number),
    )
    confirm_original(staff=clerk, document_id=added.pk)

    shown = Patient.objects.get(pk=child.pk)
    assert (shown.document_type, shown.document_number) == ("household_register", number)
    assert Document.objects.live().filter(patient=child).count() == 2


def register(of: Patient, relation: str, *, born_on: date, certificate: bool = False) -> Patient:
    """Somebody registered by the account that is this patient."""
    account = Grant.objects.get(patient=of, relation=Relation.SELF).account
    number = "A123456789" if certificate else make.resident_id(born_on=born_on)
    kind = DocumentType.BIRTH_CERTIFICATE if certificate else DocumentType.RESIDENT_ID
    return register_patient(
        account=account,
        hospital=of.hospital,
        identity=Identity(
            name="王小宝",
            document_number=number,
            phone="13800138000",
            document_type=kind,
            born_on=born_on,
            sex=Sex.FEMALE if certificate else "",
        ),
        relation=relation,
    )


def test_a_child_is_registered_by_a_guardian_who_is_known_here() -> None:
    mother = make.patient()

    child = register(mother, Relation.GUARDIAN, born_on=date(2015, 6, 1))

    assert "reports" in Grant.objects.get(patient=child).scopes


@pytest.mark.parametrize("relation", [Relation.SELF, Relation.FAMILY])
def test_nobody_else_registers_a_child_under_14(relation: str) -> None:
    with pytest.raises(GuardianNeeded):
        make.patient(document_number=make.resident_id(born_on=date(2015, 6, 1)), relation=relation)

    assert not Person.objects.exists()


def test_a_guardian_is_registered_here_first_and_of_age() -> None:
    child = make.resident_id(born_on=date(2015, 6, 1))
    young = make.patient(document_number=make.resident_id(born_on=date(2010, 1, 1)))

    with pytest.raises(GuardianUnregistered):
        make.patient(document_number=child, relation=Relation.GUARDIAN)
    with pytest.raises(GuardianUnregistered):
        register(young, Relation.GUARDIAN, born_on=date(2015, 6, 1))


def test_somebody_of_age_has_no_guardian() -> None:
    with pytest.raises(GuardianOfAdult):
        register(make.patient(), Relation.GUARDIAN, born_on=date(1958, 3, 12))


def test_documents_from_before_are_filled_in_and_a_second_run_changes_nothing() -> None:
    patients = [make.patient(is_verified=False) for _ in range(3)]
    Document.objects.filter(patient__in=patients[:2]).delete()
    PersonDocument.objects.filter(person=patients[0].person).delete()
    fill = import_module("patients.migrations.0006_fill_documents").fill_documents
    editor = type("Editor", (), {"connection": connection})

    fill(None, editor)
    fill(None, editor)

    filled = claim_of(patients[0])
    assert (filled.number, filled.status) == (patients[0].document_number, "unverified")
    assert found_by(patients[0], filled.document_index) == [patients[0]]
    assert (Document.objects.count(), PersonDocument.objects.count()) == (3, 3)
