"""How an account stands to each purpose of a hospital."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Account
from hospitals.models import Hospital
from patients.errors import ConsentNeeded
from patients.models import Consent, ConsentPurpose, ConsentText


@dataclass(frozen=True)
class Standing:
    """The newest words for a purpose, and what the account said to them or to earlier ones."""

    text: ConsentText
    consent: Consent | None

    @property
    def is_given(self) -> bool:
        """True where the newest words were agreed to; new words ask again."""
        return self.consent is not None and self.consent.text_id == self.text.pk

    @property
    def is_outdated(self) -> bool:
        """True where earlier words were agreed to."""
        return self.consent is not None and not self.is_given


def newest_text(hospital_id: UUID, purpose: str) -> ConsentText | None:
    """The words that count; a hospital that has published none asks for nothing."""
    texts = ConsentText.objects.filter(hospital_id=hospital_id, purpose=purpose)
    return texts.order_by("-version").first()


def standings_of(account_id: UUID, hospital: Hospital) -> list[Standing]:
    """Every purpose that the hospital has words for."""
    given = Consent.objects.standing().filter(account_id=account_id, hospital=hospital)
    by_purpose = {one.purpose: one for one in given}
    texts = [newest_text(hospital.pk, purpose) for purpose in ConsentPurpose.values]
    return [Standing(text, by_purpose.get(text.purpose)) for text in texts if text is not None]


def refuse_without_consent(account: Account, hospital: Hospital, *, purpose: str) -> None:
    """Raises ConsentNeeded where the newest words were not agreed to, or it was taken back."""
    text = newest_text(hospital.pk, purpose)
    if text is None:
        return
    given = Consent.objects.standing().filter(account=account, hospital=hospital, text=text)
    if not given.exists():
        raise ConsentNeeded(purpose=str(purpose), version=text.version)


def has_withdrawn(account_id: UUID, hospital_id: UUID, *, purpose: str) -> bool:
    """True where the account agreed once and took it back since."""
    said = Consent.objects.filter(account_id=account_id, hospital_id=hospital_id, purpose=purpose)
    newest = said.order_by("-given_at", "-pk").first()
    return newest is not None and newest.withdrawn_at is not None
