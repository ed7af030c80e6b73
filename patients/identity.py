"""Who somebody says a person is, before and after the rules."""

from dataclasses import dataclass
from datetime import date, datetime

from common.crypto import blind_index
from hospitals.models import Hospital
from patients.details import read_name, read_phone
from patients.documents import ResidentId, read_resident_id
from patients.models import DocumentType, Patient, Person


@dataclass(frozen=True)
class Identity:
    """As it was typed."""

    name: str
    document_number: str
    phone: str
    document_type: str = DocumentType.RESIDENT_ID

    def checked(self, *, today: date) -> "CheckedIdentity":
        """As it is kept. Raises NameInvalid, PhoneInvalid and the document's own errors."""
        return CheckedIdentity(
            name=read_name(self.name),
            phone=read_phone(self.phone),
            document_type=DocumentType(self.document_type),
            document=read_resident_id(self.document_number, today=today),
        )


@dataclass(frozen=True)
class CheckedIdentity:
    """A person who can exist."""

    name: str
    phone: str
    document_type: DocumentType
    document: ResidentId

    @property
    def document_index(self) -> str:
        """What the directory finds the person by."""
        return document_index(self.document_type, self.document.number)

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
            document_type=self.document_type,
            document_number=self.document.number,
            phone=self.phone,
            phone_index=self.phone_index,
            born_on=self.document.born_on,
            sex=self.document.sex,
            made_at=now,
        )


def document_index(document_type: str, number: str) -> str:
    """The blind index of a document whose number was normalised."""
    return blind_index("person.document", f"{document_type}:{number}")
