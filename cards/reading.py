"""What a desk learns by reading a card; the patient can see who read it (查阅记录)."""

import logging
from datetime import date

from accounts.models import Staff
from cards.actions.read import note_miss, read_card_code, read_card_number, refuse_guesser
from cards.errors import HolderUnproved
from cards.models import Card, Use
from common.commands import action
from common.logs import refusal_noted
from patients.access import show_record

log = logging.getLogger(__name__)
SHOWN = "card"
REFUSED = "a card is refused"  # replayed, forged, too old, guessed


@action
def shown_by_code(text: str, *, use: Use, staff: Staff) -> Card:
    """The card of a code, spent by this; leaves an access line, both or neither.

    Raises what `read_card_code` raises, and ReasonNeeded for a marked person.
    """
    with refusal_noted(log, REFUSED, staff_id=staff.pk):
        card = read_card_code(text=text, use=use, staff=staff)
    show_record(staff=staff, patients=[card.patient], shown=SHOWN, reason=f"card {use}")
    return card


def shown_by_number(number: str, *, born_on: date, use: Use, staff: Staff) -> Card:
    """The card of a number and a birth date; leaves an access line.

    A wrong one counts as a search that found nobody, which the auditor sees. Raises what
    `read_card_number` raises, and TooMany.
    """
    with refusal_noted(log, REFUSED, staff_id=staff.pk):
        refuse_guesser(staff=staff)
        try:
            card = read_card_number(number=number, born_on=born_on, staff=staff)
        except HolderUnproved:
            note_miss(staff=staff)
            raise
    show_record(staff=staff, patients=[card.patient], shown=SHOWN, reason=f"card {use}")
    return card
