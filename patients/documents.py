"""Identity documents (证件): how they are written, and what makes one possible (domain 4.1)."""

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
OTHER_KINDS = ("9", "81", "82", "83")  # 外国人永久居留身份证; 港澳台居民居住证
DIGITS = frozenset("0123456789")
SEPARATORS = frozenset("-‐‑–—·.")


@dataclass(frozen=True)
class ResidentId:
    """A 居民身份证 number that can exist, and what it says of its holder."""

    number: str
    born_on: date
    sex: Sex


def normalised(text: str) -> str:
    """Full width narrowed, spaces and separators gone, letters upper case."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in narrow if not sign.isspace() and sign not in SEPARATORS)


def read_resident_id(text: str, *, today: date) -> ResidentId:
    """Check a number of GB 11643. The division is not checked: old cards keep old divisions.

    Raises DocumentLengthWrong, DocumentOutdated, DocumentMalformed, DocumentCheckWrong,
    DocumentOfAnotherKind, DocumentBirthUnreal, DocumentBirthInFuture or DocumentTooOld.
    """
    number = normalised(text)
    _refuse_wrong_form(number)
    if ric.calc_check_digit(number) != number[-1]:
        raise DocumentCheckWrong
    if number.startswith(OTHER_KINDS):
        raise DocumentOfAnotherKind
    try:
        born_on = ric.get_birth_date(number)
    except InvalidComponent as trouble:
        raise DocumentBirthUnreal from trouble
    if born_on > today:
        raise DocumentBirthInFuture
    if years_between(born_on, today) > OLDEST_YEARS:
        raise DocumentTooOld
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return ResidentId(number=number, born_on=born_on, sex=sex)


def _refuse_wrong_form(number: str) -> None:
    if len(number) == OLD_LENGTH and set(number) <= DIGITS:
        raise DocumentOutdated
    if len(number) != LENGTH:
        raise DocumentLengthWrong
    if not set(number[:-1]) <= DIGITS or number[-1] not in DIGITS | {"X"}:
        raise DocumentMalformed


def years_between(born_on: date, on: date) -> int:
    """Whole years of age (周岁)."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def masked(number: str) -> str:
    """What a screen shows of a document number: 110***********002X."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:]


def masked_phone(phone: str) -> str:
    """What a screen shows of a phone: 138****8000."""
    return phone[:3] + "*" * max(len(phone) - 7, 0) + phone[-4:]
