"""Identity documents (证件): how they are written, and what makes a number possible (domain 4.1).

Each reader says what a number tells of its holder. The table of kinds is in `document_kinds`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from patients.errors import (
    DocumentBirthInFuture,
    DocumentBirthUnreal,
    DocumentCheckWrong,
    DocumentLengthWrong,
    DocumentMalformed,
    DocumentOfAnotherKind,
    DocumentOutdated,
    DocumentTooOld,
)
from patients.models import Sex

OLDEST_YEARS = 130
LENGTH = 18
OLD_LENGTH = 15  # first-generation cards, no longer valid
FOREIGN = "9"  # 外国人永久居留身份证, since 2023-12-01
RESIDENCE = ("810000", "820000", "830000")  # 港澳台居民居住证: Hong Kong, Macao, Taiwan
OTHER_KINDS = (FOREIGN, "81", "82", "83")
SHORT = 12  # of shorter numbers a screen shows less
DIGITS = frozenset("0123456789")
SEPARATORS = frozenset("-‐‑–—·.")
HOME_RETURN = re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII)
TAIWAN = re.compile(r"\d{8}|\d{10}", re.ASCII)
PASSPORT = re.compile(r"[A-Z0-9]{5,17}", re.ASCII)
OLD_FOREIGN = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)
BIRTH_CERTIFICATE = re.compile(r"[A-Z]\d{9}", re.ASCII)
MILITARY = re.compile(r"[\u4e00-\u9fff0-9]{6,18}", re.ASCII)
BRACKETS = str.maketrans("", "", "()[]〔〕")


@dataclass(frozen=True)
class Reading:
    """A number that can exist, and what it says of its holder; None where it says nothing."""

    number: str
    born_on: date | None = None
    sex: Sex | None = None


@dataclass(frozen=True)
class ResidentId:
    """A 居民身份证 number that can exist, and what it says of its holder."""

    number: str
    born_on: date
    sex: Sex


def normalised(text: str) -> str:
    """Full width narrowed, spaces and separators gone, letters upper case; twice is as once."""
    narrow = _narrowed(text)
    while narrow != text:  # what stood apart may be one sign after a space between is gone
        text, narrow = narrow, _narrowed(narrow)
    return narrow


def _narrowed(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in narrow if not sign.isspace() and sign not in SEPARATORS)


def read_resident_id(text: str, *, today: date) -> ResidentId:
    """Check a number of GB 11643. The division is not checked: old cards keep old divisions.

    Raises DocumentLengthWrong, DocumentOutdated, DocumentMalformed, DocumentCheckWrong,
    DocumentOfAnotherKind, DocumentBirthUnreal, DocumentBirthInFuture or DocumentTooOld.
    """
    number = normalised(text)
    _refuse_wrong_check(number)
    if number.startswith(OTHER_KINDS):
        raise DocumentOfAnotherKind
    return _read_eighteen(number, today=today)


def read_resident(text: str, *, today: date) -> Reading:
    """居民身份证 [S], and 户口簿 by the child's number [M]. Raises as read_resident_id."""
    read = read_resident_id(text, today=today)
    return Reading(read.number, born_on=read.born_on, sex=read.sex)


def read_residence_permit(text: str, *, today: date) -> Reading:
    """港澳台居民居住证: GB 11643 with area 810000, 820000 or 830000 [S].

    Raises as read_resident_id.
    """
    number = normalised(text)
    _refuse_wrong_check(number)
    if not number.startswith(RESIDENCE):
        raise DocumentOfAnotherKind
    read = _read_eighteen(number, today=today)
    return Reading(read.number, born_on=read.born_on, sex=read.sex)


def read_home_return_permit(text: str, *, today: date) -> Reading:
    """港澳居民来往内地通行证: H or M, 8 digits for life, and 2 digits of the issue [S].

    Raises DocumentMalformed.
    """
    return Reading(_matching(HOME_RETURN, text))


def read_taiwan_permit(text: str, *, today: date) -> Reading:
    """台湾居民来往大陆通行证: 8 digits of the card or 10 of the old book; no check digit [S].

    Raises DocumentMalformed.
    """
    return Reading(_matching(TAIWAN, text))


def read_passport(text: str, *, today: date) -> Reading:
    """护照: 5 to 17 letters and digits, which change with each renewal [M].

    Raises DocumentMalformed.
    """
    return Reading(_matching(PASSPORT, text))


def read_foreign_permanent(text: str, *, today: date) -> Reading:
    """外国人永久居留身份证, in both forms.

    18 digits that begin with 9, with the check digit of GB 11643 [S] and the birth date at 7 to
    14 [M]; or the card before 2023-12, three letters and 12 digits, good until it expires [S].

    Raises DocumentLengthWrong, DocumentMalformed, DocumentCheckWrong, DocumentOfAnotherKind and
    the birth date's own errors.
    """
    number = normalised(text)
    if len(number) == OLD_LENGTH:
        return Reading(_matching(OLD_FOREIGN, text))
    _refuse_wrong_check(number)
    if not number.startswith(FOREIGN):
        raise DocumentOfAnotherKind
    return Reading(number, born_on=_read_eighteen(number, today=today).born_on)


def read_birth_certificate(text: str, *, today: date) -> Reading:
    """出生医学证明: a letter and 9 digits [M]; until the child has a number of its own.

    Raises DocumentMalformed.
    """
    return Reading(_matching(BIRTH_CERTIFICATE, text))


def read_military(text: str, *, today: date) -> Reading:
    """军官证, 文职人员证, 士兵证 (字第12345678号): loose, 6 to 18 characters or digits [M].

    There is no check digit: the counter looks at it. Raises DocumentMalformed, and
    DocumentOfAnotherKind for 18 digits, which no such document has.
    """
    number = _matching(MILITARY, text.translate(BRACKETS))
    if not DIGITS & set(number):
        raise DocumentMalformed
    if len(number) == LENGTH and set(number) <= DIGITS:
        raise DocumentOfAnotherKind
    return Reading(number)


def _matching(form: re.Pattern[str], text: str) -> str:
    number = normalised(text)
    if not form.fullmatch(number):
        raise DocumentMalformed
    return number


def _refuse_wrong_check(number: str) -> None:
    if len(number) == OLD_LENGTH and set(number) <= DIGITS:
        raise DocumentOutdated
    if len(number) != LENGTH:
        raise DocumentLengthWrong
    if not set(number[:-1]) <= DIGITS or number[-1] not in DIGITS | {"X"}:
        raise DocumentMalformed
    if ric.calc_check_digit(number) != number[-1]:
        raise DocumentCheckWrong


def _read_eighteen(number: str, *, today: date) -> ResidentId:
    """Birth date and sex in 18 characters whose check digit fits."""
    try:
        born_on = ric.get_birth_date(number)
    except InvalidComponent as trouble:
        raise DocumentBirthUnreal from trouble
    refuse_impossible_birth(born_on, today=today)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return ResidentId(number=number, born_on=born_on, sex=sex)


def refuse_impossible_birth(born_on: date, *, today: date) -> None:
    """Raises DocumentBirthInFuture, DocumentTooOld."""
    if born_on > today:
        raise DocumentBirthInFuture
    if years_between(born_on, today) > OLDEST_YEARS:
        raise DocumentTooOld


def years_between(born_on: date, on: date) -> int:
    """Whole years of age (周岁)."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def masked(number: str) -> str:
    """What a screen shows of a document number: 110***********002X, or H******78."""
    head, tail = (3, 4) if len(number) >= SHORT else (1, 2)
    return number[:head] + "*" * max(len(number) - head - tail, 0) + number[-tail:]


def masked_phone(phone: str) -> str:
    """What a screen shows of a phone: 138****8000."""
    return phone[:3] + "*" * max(len(phone) - 7, 0) + phone[-4:]
