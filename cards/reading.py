"""What a desk learns by reading a card; the patient can see who read it (查阅记录)."""

from datetime import date

from accounts.models import Staff
from cards.actions.read import read_card_code, read_card_number
from cards.models import Card, Use
from patients.access import show_record

SHOWN = "card"


def shown_by_code(text: str, *, use: Use, staff: Staff) -> Card:
    """The card of a code, spent by this; leaves an access line.

    Raises what `read_card_code` raises.
    """
    card = read_card_code(text=text, use=use, staff=staff)
    show_record(staff=staff, patients=[card.patient], shown=SHOWN, reason=str(use))
    return card


def shown_by_number(number: str, *, born_on: date, use: Use, staff: Staff) -> Card:
    """The card of a number and a birth date; leaves an access line.

    Raises what `read_card_number` raises.
    """
    card = read_card_number(number=number, born_on=born_on, staff=staff)
    show_record(staff=staff, patients=[card.patient], shown=SHOWN, reason=str(use))
    return card
