"""The key of a blind index follows another while people are registered and found."""

from collections.abc import Callable, Iterator
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from common import clock
from common.commands import command
from common.crypto import BlindIndex, blind_index, forget_indexes
from common.crypto_index import hold_indexes, plain_of_index
from common.index_rotation import GRACE, Turn, places, turn_index
from common.locking import without_guard
from common.models import IndexKey
from hospitals.models import Hospital
from patients.actions.compare import compare_patients
from patients.actions.identify import add_identifier, patient_known_as
from patients.models import Identifier, MergeReview, Patient, Person, PersonDocument
from tests import make
from tests.threads import race

COLUMN = "person.document"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """No other test meets the keys of this one."""
    forget_indexes()
    yield
    forget_indexes()


def wait() -> None:
    """As if the time between two steps had passed."""
    IndexKey.objects.update(moved_at=clock.real_now() - GRACE)


def turn(column: str = COLUMN) -> Turn:
    wait()
    return turn_index(column)


def again(patient: Patient) -> Patient:
    """The same person, registered once more by somebody who says the same of them."""
    return make.patient(
        hospital=patient.hospital,
        account=patient.grant_set.get().account,
        document_number=patient.document_number,
    )


def index_of(patient: Patient) -> str:
    return str(PersonDocument.objects.get(person=patient.person_id).document_index)


@pytest.mark.django_db
def test_at_every_step_a_known_person_is_found_and_nobody_is_entered_twice() -> None:
    patient = make.patient()
    first = index_of(patient)
    seen = []

    for _ in range(4):
        turn()
        seen.append((index_of(patient)[:2] == "2:", again(patient).pk == patient.pk))
        forget_indexes()

    assert seen == [(False, True), (True, True), (True, True), (True, True)]
    assert Person.objects.count() == 1
    assert index_of(patient) != first
    assert Person.objects.get().document_index == index_of(patient)


@pytest.mark.django_db
def test_the_rotation_is_over_when_no_index_is_under_the_old_key() -> None:
    make.patient()
    states = [(one.state.number, one.state.also, one.is_over) for one in (turn(), turn(), turn())]

    assert states == [(1, 2, False), (2, 1, False), (2, None, True)]
    assert IndexKey.objects.get().number == 2


@pytest.mark.django_db
def test_no_step_is_taken_before_every_process_knows_the_last() -> None:
    make.patient()
    turn_index(COLUMN)

    early = turn_index(COLUMN)

    assert (early.state.number, early.left) == (1, 3)


@pytest.mark.django_db
def test_who_is_entered_meanwhile_is_found_afterwards() -> None:
    turn()
    announced = make.patient()
    turn()
    changed = make.patient()
    turn()
    turn()

    assert {again(announced).pk, again(changed).pk} == {announced.pk, changed.pk}
    assert {index_of(announced)[:2], index_of(changed)[:2]} == {"2:"}


@pytest.mark.django_db
def test_phones_follow_too() -> None:
    patient = make.patient(phone="13900139000")

    for _ in range(3):
        turn("patient.phone")

    patient.refresh_from_db()
    assert patient.phone_index == str(blind_index("patient.phone", "13900139000"))
    assert patient.phone_index.startswith("2:")


@pytest.mark.django_db
def test_two_charts_are_compared_though_one_phone_is_still_under_the_old_key() -> None:
    known = make.patient()
    under_the_old = str(known.phone_index)
    for _ in range(2):
        turn("patient.phone")
    Patient.objects.filter(pk=known.pk).update(phone_index=BlindIndex(under_the_old))

    make.resident_id()  # every other number is a man's
    make.patient(hospital=known.hospital)
    compare_patients()

    assert MergeReview.objects.count() == 1


@pytest.mark.django_db
def test_a_number_that_is_not_stored_follows_when_it_is_said_again() -> None:
    patient = make.patient()
    add_identifier(patient=patient, issuer="HIS", value="4711")
    turn("identifier.value")
    before = turn("identifier.value")

    found = patient_known_as(patient.hospital_id, issuer="HIS", value="4711")
    add_identifier(patient=patient, issuer="HIS", value="4711")

    after = turn("identifier.value")
    assert (before.left, before.is_over) == (1, False)
    assert found == patient
    assert (after.left, after.is_over) == (0, True)
    assert Identifier.objects.count() == 1


@pytest.mark.django_db
def test_the_command_says_how_far_it_is() -> None:
    make.patient()
    told = StringIO()

    call_command("rotate_index", COLUMN, stdout=told)

    assert "person.document: written under key 1, 0 replaced" in told.getvalue()


def test_every_rotating_index_has_places_and_an_answer() -> None:
    assert {column: len(places(column)) for column in sorted(plain_of_index.keys())} == {
        "identifier.value": 1,
        "patient.phone": 1,
        "person.document": 3,
    }


def test_an_index_equals_the_same_values_index_under_the_other_key() -> None:
    index = BlindIndex("2:ab", ("cd",))

    assert index == "2:ab"
    assert index == "cd"
    assert "cd" == index  # noqa: SIM300 - the other way round
    assert index != "ef"


def test_indexes_are_held_inside_a_command_alone() -> None:
    with pytest.raises(RuntimeError, match="inside a command"):
        hold_indexes()


def enter(hospital: Hospital, *, number: str) -> Callable[[], UUID]:
    return lambda: make.patient(hospital=hospital, document_number=number).person_id


def persons_within(tries: int) -> int:
    """The most persons that one document has, after so many changes of the key at a bad moment."""
    most = 1
    for _ in range(tries):
        hospitals = [make.hospital() for _ in range(4)]
        number = make.resident_id()
        IndexKey.objects.update(also=None)
        forget_indexes()
        turn()
        wait()
        before = Person.objects.count()
        race(
            [
                *[enter(one, number=number) for one in hospitals[:2]],
                lambda: turn_index(COLUMN),
                *[enter(one, number=number) for one in hospitals[2:]],
            ]
        )
        most = max(most, Person.objects.count() - before)
        if most > 1:
            break
    return most


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_nobody_is_entered_twice_while_the_key_changes() -> None:
    assert persons_within(4) == 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_without_holding_the_index_somebody_is_entered_twice() -> None:
    with without_guard("indexes"):
        assert persons_within(20) > 1


@pytest.mark.django_db
def test_a_command_keeps_the_keys_it_began_with() -> None:
    with command():
        hold_indexes()
        IndexKey.objects.create(column=COLUMN, number=2, also=1)
        held = blind_index(COLUMN, "x")

    assert held.also == ()
    assert not held.startswith("2:")
