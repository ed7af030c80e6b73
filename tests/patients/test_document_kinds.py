"""Every kind of identity document (S4-29, domain 4.1): what it looks like, and whom it finds."""

import re
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from patients.document_kinds import TABLE, StatedDocument, document_index, possible_indexes
from patients.documents import DIGITS, masked, normalised
from patients.errors import (
    BirthDiffers,
    BirthNeeded,
    DocumentBirthInFuture,
    DocumentCheckWrong,
    DocumentLengthWrong,
    DocumentMalformed,
    DocumentOfAnotherKind,
    NationalityNeeded,
    NationalityUnknown,
    SexNeeded,
)
from patients.models import DocumentType, Sex
from tests.patients.test_documents import with_check

TODAY = date(2026, 3, 2)
BORN = date(1988, 2, 25)
TYPES = [kind.type for kind in TABLE]
births = st.dates(min_value=date(1896, 3, 3), max_value=TODAY)
serials = st.integers(0, 999).map(lambda number: f"{number:03d}")
areas = st.integers(110000, 659999).map(str)


def eighteen(area: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Numbers of 18 characters with the right check digit."""
    return st.builds(lambda a, b, s: with_check(f"{a}{b:%Y%m%d}{s}"), area, births, serials)


def form(pattern: str) -> st.SearchStrategy[str]:
    """Numbers of a form."""
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)


EIGHTEEN = {
    DocumentType.RESIDENT_ID: eighteen(areas),
    DocumentType.HOUSEHOLD_REGISTER: eighteen(areas),
    DocumentType.RESIDENCE_PERMIT: eighteen(st.sampled_from(["810000", "820000", "830000"])),
    DocumentType.FOREIGN_PERMANENT: eighteen(st.integers(900000, 999999).map(str)),
}
VALID = {
    **EIGHTEEN,
    DocumentType.FOREIGN_PERMANENT: EIGHTEEN[DocumentType.FOREIGN_PERMANENT]
    | form(r"[A-Z]{3}\d{12}"),
    DocumentType.BIRTH_CERTIFICATE: form(r"[A-Z]\d{9}"),
    DocumentType.HOME_RETURN_PERMIT: form(r"[HM]\d{8}(\d{2})?"),
    DocumentType.TAIWAN_PERMIT: form(r"\d{8}|\d{10}"),
    DocumentType.PASSPORT: form(r"[A-Z0-9]{5,17}"),
    DocumentType.MILITARY: form(r"字第\d{4,15}号"),
}
READ = {kind.type: kind.read for kind in TABLE}


def stated(type_: str, number: str, **more: object) -> StatedDocument:
    """A document with all that may be stated beside it."""
    beside = {"nationality": "JPN", "born_on": BORN, "sex": Sex.FEMALE, **more}
    return StatedDocument(type=type_, number=number, **beside)  # type: ignore[arg-type]


def test_the_table_has_every_kind_once() -> None:
    assert sorted(TYPES) == sorted(DocumentType.values)


@given(st.data())
def test_every_number_that_can_exist_is_read(data: st.DataObject) -> None:
    type_ = data.draw(st.sampled_from(TYPES))
    number = data.draw(VALID[type_])

    assert READ[type_](number, today=TODAY).number == number


@given(st.data(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_eighteen_is_always_found(data: st.DataObject, at: int, by: int) -> None:
    type_ = data.draw(st.sampled_from(sorted(EIGHTEEN)))
    number = data.draw(EIGHTEEN[type_])
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    with pytest.raises(DocumentCheckWrong):
        READ[type_](wrong, today=TODAY)


@given(st.data(), st.integers(0, 15))
def test_two_swapped_neighbours_of_eighteen_are_always_found(data: st.DataObject, at: int) -> None:
    type_ = data.draw(st.sampled_from(sorted(EIGHTEEN)))
    number = data.draw(EIGHTEEN[type_].filter(lambda one: one[at] != one[at + 1]))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    with pytest.raises(DocumentCheckWrong):
        READ[type_](swapped, today=TODAY)


@given(st.sampled_from(TYPES), st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused_by_name(type_: DocumentType, text: str) -> None:
    once = normalised(text)

    assert normalised(once) == once
    with suppress(DomainError):
        assert READ[type_](text, today=TODAY).number


@pytest.mark.parametrize(
    ("type_", "written", "refusal"),
    [
        (DocumentType.HOME_RETURN_PERMIT, "A12345678", DocumentMalformed),
        (DocumentType.HOME_RETURN_PERMIT, "H123456789", DocumentMalformed),
        (DocumentType.TAIWAN_PERMIT, "123456789", DocumentMalformed),
        (DocumentType.PASSPORT, "E123", DocumentMalformed),
        (DocumentType.MILITARY, "字第号军官证件", DocumentMalformed),
        (DocumentType.MILITARY, "110105194912310021", DocumentOfAnotherKind),
        (DocumentType.BIRTH_CERTIFICATE, "12345678901", DocumentMalformed),
        (DocumentType.RESIDENCE_PERMIT, "11010519491231002X", DocumentOfAnotherKind),
        (DocumentType.RESIDENCE_PERMIT, "8100001998073000", DocumentLengthWrong),
        (DocumentType.FOREIGN_PERMANENT, "11010519491231002X", DocumentOfAnotherKind),
        (DocumentType.FOREIGN_PERMANENT, "CH1123456789012", DocumentMalformed),
    ],
)
def test_what_no_such_document_says_is_refused(
    type_: DocumentType, written: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        READ[type_](written, today=TODAY)


@pytest.mark.parametrize(
    "number", ["810000199807300015", "820000197505050025", "830000199001010012"]
)
def test_the_published_examples_of_residence_permits_are_read(number: str) -> None:
    kept = stated(DocumentType.RESIDENCE_PERMIT, number, born_on=None).checked(today=TODAY)

    assert (kept.number, f"{kept.born_on:%Y%m%d}") == (number, number[6:14])


def test_a_five_star_card_tells_the_birth_date_and_the_old_card_does_not() -> None:
    new = stated(DocumentType.FOREIGN_PERMANENT, "91182619880225001X", born_on=None)
    old = stated(DocumentType.FOREIGN_PERMANENT, "USA310058602250", born_on=None)

    assert new.checked(today=TODAY).born_on == BORN
    with pytest.raises(BirthNeeded):
        old.checked(today=TODAY)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"nationality": ""}, NationalityNeeded),
        ({"nationality": "XYZ"}, NationalityUnknown),
        ({"born_on": None}, BirthNeeded),
        ({"born_on": date(2027, 1, 1)}, DocumentBirthInFuture),
        ({"sex": "0"}, SexNeeded),
    ],
)
def test_what_a_passport_does_not_say_must_be_stated(
    changes: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        stated(DocumentType.PASSPORT, "TK1234567", **changes).checked(today=TODAY)


def test_a_birth_date_that_is_not_the_numbers_own_is_refused() -> None:
    with pytest.raises(BirthDiffers):
        stated(DocumentType.RESIDENT_ID, "11010519491231002X").checked(today=TODAY)


def test_a_certificate_of_birth_is_for_children() -> None:
    with pytest.raises(DocumentOfAnotherKind):
        stated(DocumentType.BIRTH_CERTIFICATE, "A123456789").checked(today=TODAY)


@pytest.mark.django_db
def test_a_renewed_home_return_permit_and_the_household_register_find_the_same_person() -> None:
    first, renewed = (
        document_index(DocumentType.HOME_RETURN_PERMIT, number)
        for number in ("H1234567801", "H1234567802")
    )
    card, register = (
        document_index(kind, "11010519491231002X")
        for kind in (DocumentType.RESIDENT_ID, DocumentType.HOUSEHOLD_REGISTER)
    )

    assert first == renewed
    assert card == register
    assert document_index(DocumentType.RESIDENCE_PERMIT, "11010519491231002X") != card


@pytest.mark.django_db
def test_a_passports_number_is_one_countrys_alone() -> None:
    ours, theirs = (
        document_index(DocumentType.PASSPORT, "TK1234567", nationality=one)
        for one in ("JPN", "KOR")
    )

    assert ours != theirs
    assert {ours, theirs} <= set(possible_indexes("tk 1234567", today=TODAY))


def test_the_desk_is_told_that_eighteen_characters_are_wrong() -> None:
    with pytest.raises(DocumentCheckWrong):
        possible_indexes("110105194912310021", today=TODAY)


@given(st.text(alphabet=sorted(DIGITS), min_size=5, max_size=18))
def test_a_screen_never_shows_most_of_a_number(number: str) -> None:
    hidden = masked(number).count("*")

    assert len(masked(number)) == len(number)
    assert hidden >= len(number) - 7
    assert hidden >= 2
