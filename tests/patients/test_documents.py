"""Identity numbers, names and phones, as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from patients.details import read_name, read_phone, same_name
from patients.documents import (
    masked,
    masked_phone,
    normalised,
    read_resident_id,
    years_between,
)
from patients.errors import (
    DocumentBirthInFuture,
    DocumentBirthUnreal,
    DocumentCheckWrong,
    DocumentLengthWrong,
    DocumentMalformed,
    DocumentOfAnotherKind,
    DocumentOutdated,
    DocumentTooOld,
    NameInvalid,
    PhoneInvalid,
)
from patients.models import Sex
from tests import make

TODAY = date(2026, 3, 2)
PUBLISHED = "11010519491231002X"  # the example of GB 11643 itself
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

births = st.dates(min_value=date(1896, 3, 3), max_value=TODAY)
divisions = st.integers(110000, 659999).map(str)
serials = st.integers(0, 999).map(lambda number: f"{number:03d}")


def with_check(body: str) -> str:
    """The 18 characters, by the weights of GB 11643: reckoned here apart from the product."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]


def test_the_standards_own_example_is_read() -> None:
    document = read_resident_id(PUBLISHED, today=TODAY)

    assert (document.born_on, document.sex) == (date(1949, 12, 31), Sex.FEMALE)


@given(division=divisions, born_on=births, serial=serials)
def test_every_number_that_can_exist_is_read(division: str, born_on: date, serial: str) -> None:
    number = with_check(f"{division}{born_on:%Y%m%d}{serial}")

    document = read_resident_id(number, today=TODAY)

    assert (document.number, document.born_on) == (number, born_on)
    assert document.sex == (Sex.MALE if int(serial) % 2 else Sex.FEMALE)


@given(
    division=divisions,
    born_on=births,
    serial=serials,
    at=st.integers(0, 16),
    by=st.integers(1, 9),
)
def test_one_wrong_digit_is_always_found(
    division: str, born_on: date, serial: str, at: int, by: int
) -> None:
    number = with_check(f"{division}{born_on:%Y%m%d}{serial}")
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    with pytest.raises(DocumentCheckWrong):
        read_resident_id(wrong, today=TODAY)


@given(division=divisions, born_on=births, serial=serials, at=st.integers(0, 15))
def test_two_swapped_neighbours_are_always_found(
    division: str, born_on: date, serial: str, at: int
) -> None:
    number = with_check(f"{division}{born_on:%Y%m%d}{serial}")
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    differs = swapped != number

    assert differs == (_refusal(swapped) is DocumentCheckWrong)


@given(st.text(max_size=40))
def test_no_text_brings_the_check_down(text: str) -> None:
    assert _refusal(text) is None or issubclass(_refusal(text) or DomainError, DomainError)


def _refusal(text: str) -> type[DomainError] | None:
    try:
        read_resident_id(text, today=TODAY)
    except DomainError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002x",
        "1101051949123100²X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ\u3000",
    ],
)
def test_a_number_may_be_written_in_many_ways(written: str) -> None:
    assert normalised(written) == PUBLISHED
    assert read_resident_id(written, today=TODAY).number == PUBLISHED


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("", DocumentLengthWrong),
        ("1101051949123100", DocumentLengthWrong),
        ("110105194912310021X", DocumentLengthWrong),
        ("110105491231002", DocumentOutdated),
        ("A1010519491231002X", DocumentMalformed),
        ("11010519491231002Y", DocumentMalformed),
        ("٠١٠١٠٥١٩٤٩١٢٣١٠٠٢X", DocumentMalformed),
        ("110105194912310021", DocumentCheckWrong),
        (with_check("81000019980730001"), DocumentOfAnotherKind),
        (with_check("91182619880225001"), DocumentOfAnotherKind),
        (with_check("11010519490229002"), DocumentBirthUnreal),
        (with_check("11010519491331002"), DocumentBirthUnreal),
        (with_check("11010500001231002"), DocumentBirthUnreal),
        (with_check("11010520260303002"), DocumentBirthInFuture),
        (with_check("11010518950301002"), DocumentTooOld),
    ],
)
def test_each_fault_of_a_number_has_its_own_name(written: str, refusal: type[DomainError]) -> None:
    assert _refusal(written) is refusal


def test_born_today_and_a_hundred_and_thirty_years_ago_are_both_possible() -> None:
    newborn = make.resident_id(born_on=TODAY)
    oldest = make.resident_id(born_on=date(1895, 3, 3))

    assert read_resident_id(newborn, today=TODAY).born_on == TODAY
    assert years_between(read_resident_id(oldest, today=TODAY).born_on, TODAY) == 130
    with pytest.raises(DocumentBirthInFuture):
        read_resident_id(newborn, today=TODAY - timedelta(days=1))


def test_screens_show_the_ends_of_a_number_alone() -> None:
    assert masked(PUBLISHED) == "110***********002X"
    assert masked_phone("13800138000") == "138****8000"


@pytest.mark.parametrize(
    "name",
    ["欧阳𬱖", "㛃晓雯", "阿依古丽·买买提", "王", "Anne-Marie O'Neil", "葛\U000e0100力", "𠮷田"],
)
def test_names_stand_as_they_are_written(name: str) -> None:
    assert read_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    ["", "   ", "王1", "王😀", "王<b>", "王\u0000", "王\u202e建", "·", "\ue000", "王" * 51],
)
def test_what_no_name_holds_is_refused(name: str) -> None:
    with pytest.raises(NameInvalid):
        read_name(name)


def test_the_kind_of_dot_and_case_do_not_make_another_name() -> None:
    assert same_name("阿依古丽·买买提", "阿依古丽•买买提")
    assert same_name("LI Na", "Li  na")
    assert not same_name("王建国", "王建军")


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "１３８００１３８０００"],
)
def test_a_phone_may_be_written_in_many_ways(written: str) -> None:
    assert read_phone(written) == "13800138000"


@pytest.mark.parametrize(
    "written", ["", "1380013800", "12800138000", "138001380000", "+85291234567", "电话"]
)
def test_what_is_no_mobile_number_is_refused(written: str) -> None:
    with pytest.raises(PhoneInvalid):
        read_phone(written)
