"""A card is reported lost (挂失), found again (解挂), or ended (注销)."""

from uuid import UUID

from cards.errors import CardUnknown
from cards.models import Card
from common.commands import action


@action
def report_lost(*, card_id: UUID, hospital_id: UUID) -> Card:
    """The card opens nothing from now on; again changes nothing. Raises CardUnknown."""
    return _move(card_id, hospital_id=hospital_id, to=Card.Status.LOST)


@action
def find_again(*, card_id: UUID, hospital_id: UUID) -> Card:
    """The lost card opens again. Raises CardUnknown."""
    return _move(card_id, hospital_id=hospital_id, to=Card.Status.ACTIVE)


@action
def end_card(*, card_id: UUID, hospital_id: UUID) -> Card:
    """The card never opens anything again. Raises CardUnknown."""
    return _move(card_id, hospital_id=hospital_id, to=Card.Status.ENDED)


def _move(card_id: UUID, *, hospital_id: UUID, to: Card.Status) -> Card:
    card = Card.objects.locked().filter(hospital_id=hospital_id, pk=card_id).first()
    if card is None:
        raise CardUnknown(card_id=card_id)
    if card.status != to:
        card.move_to(to)
    return card
