"""Which card an account may show, for which use, and the QR code that shows it."""

from uuid import UUID

import segno

from accounts.models import Account
from cards.codes import write_code
from cards.errors import CardClosed, CardUnknown
from cards.models import SCOPES, Card, Use
from common import clock
from common.locking import RowQuerySet
from hospitals.models import Hospital
from patients.access import has_scope, patient_for, patients_of
from patients.errors import PatientUnknown
from patients.models import Grant, Patient, Relation

QUIET_ZONE = 4  # modules of white around, which readers need


def card_for(account: Account, card_id: UUID, *, hospital: Hospital) -> Card:
    """A standing card of somebody the account acts for. Raises CardUnknown."""
    found = Card.objects.standing().select_related("patient").filter(hospital=hospital, pk=card_id)
    card = found.first()
    if card is None or not uses_for(account, card.patient):
        raise CardUnknown(card_id=card_id)
    return card


def cards_of(account: Account, *, hospital: Hospital) -> RowQuerySet[Card]:
    """The standing cards of everybody the account may show one for."""
    people = patients_of(account.pk, hospital)
    return Card.objects.standing().filter(patient__in=people).select_related("patient")


def own_patient(account: Account, patient_id: UUID, *, hospital: Hospital) -> Patient:
    """The account's own patient: nobody else binds a credential. Raises PatientUnknown."""
    patient = patient_for(account, patient_id, hospital=hospital)
    grants = Grant.objects.valid(clock.now()).of_account(account.pk)
    if not grants.filter(patient=patient, relation=Relation.SELF).exists():
        raise PatientUnknown(patient_id=patient_id)
    return patient


def uses_for(account: Account, patient: Patient) -> list[Use]:
    """What the account may show the patient's card for now."""
    return [use for use in Use if has_scope(account.pk, patient.pk, scope=SCOPES[use])]


def fresh_code(account: Account, card: Card, *, use: Use) -> str:
    """A code of the card for this use. Raises CardUnknown, CardClosed."""
    if card.kind != Card.Kind.VIRTUAL or use not in uses_for(account, card.patient):
        raise CardUnknown(card_id=card.pk)
    if card.status != Card.Status.ACTIVE:
        raise CardClosed
    return write_code(card.pk, use=use, now=clock.real_now())


def drawn(code: str) -> str:
    """The code as a picture's address, for a page under the strict policy."""
    return segno.make(code, error="m", micro=False).svg_data_uri(border=QUIET_ZONE, scale=8)
