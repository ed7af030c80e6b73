"""A hospital words what it asks; an account agrees to it, or takes that back."""

from accounts.models import Account
from common import clock
from common.commands import action, flush, write
from hospitals.models import Hospital
from patients.consents import newest_text
from patients.errors import ConsentUnknown
from patients.granting import tell_of_rights
from patients.models import Consent, ConsentPurpose, ConsentText, Grant
from patients.people import joined_with
from patients.requests import asked_of, decides_for


@action
def publish_consent_text(
    *, hospital: Hospital, purpose: ConsentPurpose, body: str, what_stops: str
) -> ConsentText:
    """These words count from now on: everybody is asked again. The same words change nothing."""
    newest = newest_text(hospital.pk, purpose)
    if newest is not None and (newest.body, newest.what_stops) == (body, what_stops):
        return newest

    text = ConsentText(
        hospital=hospital,
        purpose=purpose,
        version=1 if newest is None else newest.version + 1,
        body=body,
        what_stops=what_stops,
        made_at=clock.now(),
    )
    write(text)
    return text


@action
def give_consent(*, account: Account, hospital: Hospital, purpose: str, version: int) -> Consent:
    """The account agreed to this version, which must be the newest. Again changes nothing.

    Raises ConsentUnknown.
    """
    _refuse_unknown(purpose)
    text = newest_text(hospital.pk, purpose)
    if text is None or text.version != version:
        raise ConsentUnknown(purpose=purpose)
    standing = Consent.objects.standing().filter(
        account=account, hospital=hospital, purpose=purpose
    )
    given = standing.first()
    if given is not None and given.text_id == text.pk:
        return given

    standing.update(withdrawn_at=clock.now())
    consent = Consent(
        hospital=hospital, account=account, text=text, purpose=purpose, given_at=clock.now()
    )
    write(consent)
    flush()
    return consent


@action
def withdraw_consent(*, account: Account, hospital: Hospital, purpose: str) -> Consent:
    """The account took it back, and what rested on it stops at once. Again changes nothing.

    Results are asked for again before they are shown; reminders stay in the inbox alone; nobody
    acts any more for those whom the account speaks for. Raises ConsentUnknown.
    """
    _refuse_unknown(purpose)
    said = Consent.objects.filter(account=account, hospital=hospital, purpose=purpose)
    consent = said.order_by("-given_at", "-pk").first()
    if consent is None:
        raise ConsentUnknown(purpose=purpose)

    if said.standing().take(withdrawn_at=clock.now()) and purpose == ConsentPurpose.PROXY:
        _end_proxies(account, hospital)
    consent.refresh_from_db()
    return consent


def _refuse_unknown(purpose: str) -> None:
    """Raises ConsentUnknown for a word that is no purpose, whatever signs it holds."""
    if purpose not in ConsentPurpose.values:
        raise ConsentUnknown


def _end_proxies(account: Account, hospital: Hospital) -> None:
    now = clock.now()
    mine = Grant.objects.valid(now).of_account(account.pk).filter(hospital=hospital)
    patients = [one.patient for one in mine.select_related("patient")]
    speaks_for = [one.pk for one in patients if decides_for(account.pk, one)]
    decided = list(joined_with(speaks_for).values_list("pk", flat=True))
    for asked in asked_of(account.pk, hospital):
        asked.answered_at, asked.is_granted = now, False
        asked.save(update_fields=["answered_at", "is_granted"])
    others = Grant.objects.valid(now).filter(patient__in=decided).exclude(account=account)
    others.update(ended_at=now)
    for patient_id in decided:
        tell_of_rights(hospital.pk, patient_id)
