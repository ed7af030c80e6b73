"""A patient has a virtual card (虚拟就诊卡), or the hospital's plastic one."""

from cards.errors import CardOfAnother
from cards.models import Card
from common import clock
from common.commands import action
from common.crypto import blind_index
from common.ids import new_id
from patients.models import Patient

NUMBER_COLUMN = "card.number"
TAIL = 4


@action
def open_virtual_card(*, patient: Patient) -> Card:
    """The patient's virtual card, made where there is none; of two at once, both get one."""
    standing = Card.objects.standing().filter(
        hospital_id=patient.hospital_id, patient=patient, kind=Card.Kind.VIRTUAL
    )
    known = standing.first()
    if known is not None:
        return known
    fresh = Card(
        id=new_id(),
        hospital_id=patient.hospital_id,
        patient=patient,
        kind=Card.Kind.VIRTUAL,
        made_at=clock.now(),
    )
    Card.objects.bulk_create([fresh], ignore_conflicts=True)
    return standing.get()


@action
def add_card(*, patient: Patient, kind: Card.Kind, number: str, is_mock: bool = False) -> Card:
    """From now on the number finds the patient. The same again changes nothing.

    Raises CardOfAnother where it finds somebody else.
    """
    index = index_of(kind, number)
    standing = Card.objects.standing().filter(
        hospital_id=patient.hospital_id, kind=kind, number_index=index
    )
    fresh = Card(
        id=new_id(),
        hospital_id=patient.hospital_id,
        patient=patient,
        kind=kind,
        number_index=index,
        tail=number[-TAIL:],
        is_mock=is_mock,
        made_at=clock.now(),
    )
    Card.objects.bulk_create([fresh], ignore_conflicts=True)
    known = standing.get()
    if known.patient_id != patient.pk:
        raise CardOfAnother
    return known


def index_of(kind: str, number: str) -> str:
    """What a card is found by; spaces and the case of letters do not count."""
    return blind_index(NUMBER_COLUMN, f"{kind}:{''.join(number.split()).upper()}")
