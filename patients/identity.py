"""Who somebody says a person is, before and after the rules."""

from dataclasses import dataclass
from datetime import date, datetime

from common.crypto import blind_index
from hospitals.models import Hospital
from patients.details import read_name, read_phone
from patients.document_kinds import CheckedDocument, StatedDocument
from patients.models import DocumentType, Patient, Person


@dataclass(frozen=True)
class Identity:
    """As it was typed."""

    name: str
    document_number: str
    phone: str
    document_type: str = DocumentType.RESIDENT_ID
    nationality: str = ""  # of a passport
    born_on: date | None = None  # where the number does not hold it, as the sex
    sex: str = ""

    def checked(self, *, today: date) -> "CheckedIdentity":
        """As it is kept. Raises NameInvalid, PhoneInvalid and the document's own errors."""
        return CheckedIdentity(
            name=read_name(self.name),
            phone=read_phone(self.phone),
            document=self.document.checked(today=today),
        )

    @property
    def document(self) -> StatedDocument:
        """The document, as it was typed."""
        return StatedDocument(
            type=self.document_type,
            number=self.document_number,
            nationality=self.nationality,
            born_on=self.born_on,
            sex=self.sex,
        )


@dataclass(frozen=True)
class CheckedIdentity:
    """A person who can exist."""

    name: str
    phone: str
    document: CheckedDocument

    @property
    def phone_index(self) -> str:
        """What patients with this phone are found by."""
        return blind_index("patient.phone", self.phone)

    def as_patient(self, *, hospital: Hospital, person: Person, now: datetime) -> Patient:
        """The person as a new patient of the hospital, without a number yet."""
        return Patient(
            hospital=hospital,
            person=person,
            name=self.name,
            document_type=self.document.type,
            document_number=self.document.number,
            phone=self.phone,
            phone_index=self.phone_index,
            born_on=self.document.born_on,
            sex=self.document.sex,
            made_at=now,
        )
