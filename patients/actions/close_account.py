"""Somebody closes their account (注销账号): they ask, think it over for a week, and it is gone.

PIPL 47: what is no longer needed is deleted when consent is withdrawn, but for what a law keeps.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from accounts.actions.close import close_account
from accounts.models import Account
from common import clock
from common.commands import action, flush, write
from common.crypto import destroy_person_key
from common.jobs import sweep_each
from common.locking import RowQuerySet
from patients.actions.consent import withdraw_consent
from patients.errors import AccountInUse, ClosingUnconfirmed, ClosingUnknown
from patients.granting import tell_of_rights
from patients.leaving import kept_of, open_closing, own_patients, reasons_of, spoken_for
from patients.models import COOLING_OFF, AccountClosing, Consent, Grant, GrantRequest, Person
from patients.news import after_account_closed

log = logging.getLogger(__name__)
CONFIRMATION = "注销"  # typed, so that no stray tap does it
BATCH = 20
LATER = timedelta(days=1)  # something was begun within the week: looked at again tomorrow


@action
def ask_to_close_account(*, account: Account, confirmation: str) -> AccountClosing:
    """The account is closed in seven days, unless it is taken back. Again changes nothing.

    Raises ClosingUnconfirmed, AccountInUse.
    """
    now = clock.now()
    if confirmation.strip() != CONFIRMATION:
        raise ClosingUnconfirmed
    RowQuerySet(Account).locked().get(pk=account.pk)
    asked = open_closing(account)
    if asked is not None:
        return asked
    reasons = reasons_of(account)
    if reasons:
        raise AccountInUse(reasons=reasons)

    closing = AccountClosing(account=account, asked_at=now, due_at=now + COOLING_OFF)
    write(closing)
    flush()
    return closing


@action
def undo_closing(*, account: Account) -> AccountClosing:
    """The account stays. Again changes nothing. Raises ClosingUnknown."""
    RowQuerySet(Account).locked().get(pk=account.pk)
    mine = AccountClosing.objects.filter(account=account)
    closing = mine.locked().last()
    if closing is None or closing.status == AccountClosing.Status.DONE:
        raise ClosingUnknown
    if closing.status == AccountClosing.Status.UNDONE:
        return closing

    return closing.move_to(AccountClosing.Status.UNDONE, ended_at=clock.now())


def close_due_accounts() -> int:
    """Close the accounts whose week is over, one command each; how many were looked at."""
    due = AccountClosing.objects.due(clock.now())
    return sweep_each(due, lambda key: carry_out_closing(closing_id=key), batch=BATCH)


@action
def carry_out_closing(*, closing_id: UUID) -> bool:
    """The account is closed; where it is still in use, tomorrow is asked again.

    False where somebody else did it, or it was taken back.
    """
    now = clock.now()
    account_id = AccountClosing.objects.values_list("account_id", flat=True).get(pk=closing_id)
    account: Account = RowQuerySet(Account).locked().get(pk=account_id)
    closing = AccountClosing.objects.due(now).filter(pk=closing_id).locked().first()
    if closing is None:
        return False
    patients = own_patients(account)
    _lock_persons(account)
    if reasons_of(account):
        closing.due_at = now + LATER
        closing.save(update_fields=["due_at"])
        return True

    for consent in Consent.objects.standing().filter(account=account).select_related("hospital"):
        withdraw_consent(account=account, hospital=consent.hospital, purpose=consent.purpose)
    _end_grants(account, now)
    for patient in patients:
        if not kept_of(patient):
            destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk)
    close_account(account=account)
    closing.move_to(AccountClosing.Status.DONE, ended_at=now)
    after_account_closed.tell(account)
    log.info("an account was closed", extra={"account_id": account.pk})
    return True


def _lock_persons(account: Account) -> None:
    """Nobody books for them while we look: who books holds the person's lock."""
    persons = Person.objects.filter(patient__in=spoken_for(account)).values("pk")
    list(Person.objects.filter(pk__in=persons).locked())


def _end_grants(account: Account, now: datetime) -> None:
    """Nobody is acted for any more, open sockets close, and what was asked for is answered no."""
    live = Grant.objects.of_account(account.pk).filter(ended_at=None)
    held = list(live.order_by("patient_id").values_list("hospital_id", "patient_id"))
    live.update(ended_at=now)
    asked = GrantRequest.objects.filter(account=account, answered_at=None)
    asked.update(answered_at=now, is_granted=False)
    for hospital_id, patient_id in held:
        tell_of_rights(hospital_id, patient_id)
