"""A card is read at a desk (刷卡): a code once, a static number with a second proof."""

from datetime import date, timedelta

from accounts.models import Staff
from cards.actions.open import index_of
from cards.codes import read_code
from cards.errors import CardClosed, CodeForAnotherUse, CodeUsed, HolderUnproved
from cards.models import Card, CardReading, Use
from common import clock
from common.commands import action, write
from common.errors import TooMany
from common.ids import new_id
from common.locking import is_guarded
from patients.models import RecordSearch

MISSES_AN_HOUR = 20  # as for a search by number; a slip of the finger is one or two
MISSES_COUNT_FOR = timedelta(hours=1)
STATIC = (Card.Kind.PLASTIC, Card.Kind.HEALTH, Card.Kind.INSURANCE)


@action
def read_card_code(*, text: str, use: Use, staff: Staff) -> Card:
    """The code is spent. Who shows whose it was leaves the access line (`cards.reading`).

    Of any number who read it at once, one succeeds. Raises CodeUnreadable (also for another
    hospital's), CodeOver, CodeForAnotherUse, CardClosed, CodeUsed.
    """
    code = read_code(text, now=clock.real_now())
    if code.use != use:
        raise CodeForAnotherUse(use=str(code.use))
    card = Card.objects.locked().filter(hospital_id=staff.hospital_id, pk=code.card_id).first()
    if card is None or card.status != Card.Status.ACTIVE:
        raise CardClosed
    reading = CardReading(
        id=new_id(),
        hospital_id=staff.hospital_id,
        card=card,
        draw=code.draw,
        use=use,
        staff=staff,
        read_at=clock.real_now(),
    )
    if is_guarded("claims"):
        CardReading.objects.bulk_create([reading], ignore_conflicts=True)
        if not CardReading.objects.filter(pk=reading.pk).exists():
            raise CodeUsed
    return card


@action
def read_card_number(*, number: str, born_on: date, staff: Staff) -> Card:
    """The card of a static number whose holder also said their birth date.

    A static code needs a second factor (domain 4.2). Raises HolderUnproved for a number nobody
    has and for a wrong birth date alike, CardClosed.
    """
    indexes = [index_of(kind, number) for kind in STATIC]
    card = (
        Card.objects.standing()
        .filter(hospital_id=staff.hospital_id, kind__in=STATIC, number_index__in=indexes)
        .select_related("patient")
        .first()
    )
    if card is None or card.patient.born_on != born_on:
        raise HolderUnproved
    if card.status != Card.Status.ACTIVE:
        raise CardClosed
    return card


@action
def note_miss(*, staff: Staff) -> None:
    """A number and a birth date that belong to nobody are counted; neither is kept."""
    write(RecordSearch(hospital_id=staff.hospital_id, staff=staff, has_found=False, at=clock.now()))


def refuse_guesser(*, staff: Staff) -> None:
    """Nobody tries out which birth date goes with a card. Raises TooMany."""
    since = clock.now() - MISSES_COUNT_FOR
    misses = RecordSearch.objects.filter(
        hospital_id=staff.hospital_id, staff=staff, has_found=False, at__gt=since
    )
    if misses.count() >= MISSES_AN_HOUR:
        raise TooMany(seconds=int(MISSES_COUNT_FOR.total_seconds()))
