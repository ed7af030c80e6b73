"""An electronic credential is bound to its holder (绑定电子凭证)."""

from cards.actions.open import add_card
from cards.errors import CardOfAnother, CodeUnreadable, HolderPortAway
from cards.holders import CredentialRefused, Holder, PortAway, open_port
from cards.models import Card
from common.commands import action
from patients.actions.identify import add_identifier
from patients.details import same_name
from patients.document_kinds import indexes_of
from patients.errors import IdentifierTaken
from patients.models import Document, Patient


def bind_credential(*, patient: Patient, kind: Card.Kind, shown: str) -> Card:
    """The credential is a card of the patient, whom its issuer names as the holder.

    Asks the issuer first, and writes only afterwards. Raises HolderPortAway, CodeUnreadable,
    CardOfAnother.
    """
    port = open_port()
    if port is None:
        raise HolderPortAway
    try:
        holder = port.holder_of(kind, shown)
    except PortAway:
        raise HolderPortAway from None
    except CredentialRefused:
        raise CodeUnreadable from None
    if not _is_holder(patient, holder):
        raise CardOfAnother
    return _bind(patient=patient, kind=kind, number=holder.number, is_mock=port.is_mock)


@action
def _bind(*, patient: Patient, kind: Card.Kind, number: str, is_mock: bool) -> Card:
    """The card is there, and hospital systems that name this number mean the patient too."""
    card = add_card(patient=patient, kind=kind, number=number, is_mock=is_mock)
    try:
        add_identifier(patient=patient, issuer=str(kind), value=number)
    except IdentifierTaken:
        raise CardOfAnother from None
    return card


def _is_holder(patient: Patient, holder: Holder) -> bool:
    """Whether the issuer names this patient, by name and by one of their documents."""
    indexes = indexes_of(holder.document_type, holder.document_number)
    claims = Document.objects.live().filter(patient=patient, document_index__in=indexes)
    return same_name(patient.name, holder.name) and claims.exists()
