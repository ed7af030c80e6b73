"""Two identifiers before anything is done to a patient (身份核对); a bed number is none."""

import secrets
import unicodedata
from dataclasses import dataclass

from patients.models import Patient

# Without what looks or sounds alike; 31^10 codes, so nobody guesses one.
WRISTBAND_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
WRISTBAND_LENGTH = 10


@dataclass(frozen=True)
class Given:
    """What the person at the bed said and showed."""

    name: str
    document_last_four: str

    def is_of(self, patient: Patient) -> bool:
        """True where both are the patient's."""
        ending = plain(patient.document_number)[-4:]
        return plain(self.name) == plain(patient.name) and plain(self.document_last_four) == ending


def plain(text: str) -> str:
    """As people write the same thing: full-width, spaced, in small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def new_wristband() -> str:
    """A fresh code; nothing about the patient can be read from it."""
    return "".join(secrets.choice(WRISTBAND_LETTERS) for _ in range(WRISTBAND_LENGTH))
