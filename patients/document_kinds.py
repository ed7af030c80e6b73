"""The kinds of identity documents in one table: who reads them, and what they leave open.

Sources: S4-29 (西城区预约诊疗服务管理办法, art. 16), 国卫办医函〔2019〕236号 item 1 level 2, and
domain 4.1, whose marks each reader repeats.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from common.crypto import blind_index
from common.errors import DomainError
from patients import documents
from patients.countries import country_names, read_nationality
from patients.documents import Reading, refuse_impossible_birth
from patients.errors import (
    BirthDiffers,
    BirthNeeded,
    DocumentOfAnotherKind,
    NationalityNeeded,
    SexNeeded,
)
from patients.minors import is_under_14
from patients.models import DocumentType, Sex

LIFE_NUMBER = 9  # of a 回乡证: the holder's for life; a renewal changes what follows


class Reader(Protocol):
    """Raises the errors of a number that cannot exist."""

    def __call__(self, text: str, *, today: date) -> Reading:
        """What the number tells."""


class Ask(StrEnum):
    """What has to be stated beside a number that does not hold it."""

    NATIONALITY = "nationality"
    BORN_ON = "born_on"
    SEX = "sex"


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document."""

    type: DocumentType
    read: Reader
    label: str  # of the number, on the form
    form: str  # how a number looks, in words
    asks: tuple[Ask, ...] = ()


HOLDER = (Ask.BORN_ON, Ask.SEX)
TABLE = (
    DocumentKind(
        DocumentType.RESIDENT_ID, documents.read_resident, "身份证号", "18 位，最后一位可能是 X"
    ),
    DocumentKind(
        DocumentType.HOUSEHOLD_REGISTER,
        documents.read_resident,
        "户口簿上的公民身份号码",
        "18 位，最后一位可能是 X",
    ),
    DocumentKind(
        DocumentType.BIRTH_CERTIFICATE,
        documents.read_birth_certificate,
        "出生医学证明编号",
        "1 位字母加 9 位数字",
        asks=HOLDER,
    ),
    DocumentKind(
        DocumentType.HOME_RETURN_PERMIT,
        documents.read_home_return_permit,
        "通行证号码",
        "H 或 M 加 8 位或 10 位数字",
        asks=HOLDER,
    ),
    DocumentKind(
        DocumentType.TAIWAN_PERMIT,
        documents.read_taiwan_permit,
        "通行证号码",
        "8 位数字，旧本 10 位",
        asks=HOLDER,
    ),
    DocumentKind(
        DocumentType.RESIDENCE_PERMIT,
        documents.read_residence_permit,
        "居住证号码",
        "18 位，以 810000、820000 或 830000 开头",
    ),
    DocumentKind(
        DocumentType.PASSPORT,
        documents.read_passport,
        "护照号码",
        "5 至 17 位字母和数字",
        asks=(Ask.NATIONALITY, *HOLDER),
    ),
    DocumentKind(
        DocumentType.FOREIGN_PERMANENT,
        documents.read_foreign_permanent,
        "永久居留证号码",
        "18 位，以 9 开头；旧证 3 位字母加 12 位数字",
        asks=HOLDER,
    ),
    DocumentKind(
        DocumentType.MILITARY,
        documents.read_military,
        "证件号码",
        "6 至 18 位汉字或数字",
        asks=HOLDER,
    ),
)
KINDS = {kind.type: kind for kind in TABLE}
KEYS: dict[DocumentType, Callable[[str, str], str]] = {  # by number and nationality; domain 4.1
    DocumentType.HOUSEHOLD_REGISTER: lambda number, _: f"{DocumentType.RESIDENT_ID}:{number}",
    DocumentType.HOME_RETURN_PERMIT: lambda number, _: (
        f"{DocumentType.HOME_RETURN_PERMIT}:{number[:LIFE_NUMBER]}"
    ),
    DocumentType.PASSPORT: lambda number, nation: f"{DocumentType.PASSPORT}:{nation}:{number}",
}


@dataclass(frozen=True)
class StatedDocument:
    """A document as it was typed, with what was stated beside the number."""

    type: str
    number: str
    nationality: str = ""
    born_on: date | None = None
    sex: str = ""

    def checked(self, *, today: date) -> "CheckedDocument":
        """As it is kept.

        Raises the reader's errors, BirthNeeded, BirthDiffers, SexNeeded, NationalityNeeded,
        NationalityUnknown; DocumentOfAnotherKind for a grown person's birth certificate.
        """
        kind = KINDS[DocumentType(self.type)]
        read = kind.read(self.number, today=today)
        born_on = self._born_on(read, today=today)
        if kind.type == DocumentType.BIRTH_CERTIFICATE and not is_under_14(born_on, today):
            raise DocumentOfAnotherKind
        return CheckedDocument(
            type=kind.type,
            number=read.number,
            nationality=self._nationality(kind),
            born_on=born_on,
            sex=read.sex or self._sex(),
        )

    def _nationality(self, kind: DocumentKind) -> str:
        if Ask.NATIONALITY not in kind.asks:
            return ""
        if not self.nationality:
            raise NationalityNeeded
        return read_nationality(self.nationality)

    def _born_on(self, read: Reading, *, today: date) -> date:
        if read.born_on and self.born_on and read.born_on != self.born_on:
            raise BirthDiffers
        born_on = read.born_on or self.born_on
        if born_on is None:
            raise BirthNeeded
        refuse_impossible_birth(born_on, today=today)
        return born_on

    def _sex(self) -> Sex:
        if self.sex not in {Sex.MALE, Sex.FEMALE}:
            raise SexNeeded
        return Sex(self.sex)


@dataclass(frozen=True)
class CheckedDocument:
    """A document that can exist."""

    type: DocumentType
    number: str
    nationality: str
    born_on: date
    sex: Sex

    @property
    def index(self) -> str:
        """What the directory finds the person by."""
        return document_index(self.type, self.number, nationality=self.nationality)


def document_index(document_type: str, number: str, *, nationality: str = "") -> str:
    """The blind index of a document whose number was normalised."""
    key = document_key(document_type, number, nationality=nationality)
    return blind_index("person.document", key)


def document_key(document_type: str, number: str, *, nationality: str) -> str:
    """What a document is known by in the directory.

    One person, one index: a 户口簿 has the number of the child's 居民身份证, a renewed 回乡证 the
    first nine characters of the old one. A passport's number is unique within its country only.
    """
    special = KEYS.get(DocumentType(document_type))
    return special(number, nationality) if special else f"{document_type}:{number}"


def indexes_of(document_type: str, number: str) -> list[str]:
    """Every index that a normalised number of this kind may have: a passport's country is tried."""
    asks = KINDS[DocumentType(document_type)].asks
    nations = country_names() if Ask.NATIONALITY in asks else ("",)
    return [document_index(document_type, number, nationality=one) for one in nations]


def possible_indexes(text: str, *, today: date) -> list[str]:
    """Every index that a typed number may have, whatever the kind of document; for the desks.

    Raises the errors of a 居民身份证 where no kind of document has such a number.
    """
    found: list[str] = []
    for kind in TABLE:
        with suppress(DomainError):
            found += indexes_of(kind.type, kind.read(text, today=today).number)
    if not found:
        KINDS[DocumentType.RESIDENT_ID].read(text, today=today)
    return list(dict.fromkeys(found))
