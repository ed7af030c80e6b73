"""What an account may do for whom, and the lines that say who was shown what.

Every patient read starts from the account's own valid grants, so a forgotten filter cannot leak.
"""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import Account, Staff
from accounts.rules import code_in
from common import clock
from common.commands import action, write
from common.http import account_id_of
from common.locking import RowQuerySet
from hospitals.models import Hospital
from hospitals.views import hospital_of
from patients.errors import PatientUnknown
from patients.models import AccessLine, Grant, Patient, Relation, Scope

Asker = HttpRequest | Request | Account


def patient_for(
    who: Asker, patient_id: UUID, *, scope: Scope | None = None, hospital: Hospital | None = None
) -> Patient:
    """The patient for whom the asker may do this, in the hospital (default: the address's).

    Raises PatientUnknown for anybody else's id, for another hospital's, and where the scope was
    not granted: who asks cannot tell which.
    """
    place = hospital or _hospital_in(who)
    account_id = who.pk if isinstance(who, Account) else account_id_of(who)
    grant = (
        Grant.objects.valid(clock.now())
        .of_account(account_id)
        .filter(hospital=place, patient_id=patient_id)
        .select_related("patient")
        .first()
    )
    if grant is None or (scope is not None and not grant.allows(scope)):
        raise PatientUnknown(patient_id=patient_id)
    grant.patient.hospital = place
    return grant.patient


def _hospital_in(who: Asker) -> Hospital:
    if isinstance(who, Account):
        raise TypeError("An account alone names no hospital: pass hospital=….")
    return hospital_of(code_in(who))


def patients_of(
    account_id: UUID, hospital: Hospital, *, scope: Scope | None = None
) -> RowQuerySet[Patient]:
    """Everybody in the hospital for whom the account may do this (or anything) now."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id).filter(hospital=hospital)
    allowed = [g.patient_id for g in grants if scope is None or g.allows(scope)]
    return Patient.objects.filter(hospital=hospital, pk__in=allowed)


def has_scope(account_id: UUID, patient_id: UUID, *, scope: Scope) -> bool:
    """True where the account may do this for the patient now."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id).filter(patient_id=patient_id)
    return any(grant.allows(scope) for grant in grants)


def scopes_of(account_id: UUID, patient_id: UUID, *, hospital_id: UUID) -> frozenset[str]:
    """All that the account may do for the patient now; nothing for a closed account."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id)
    mine = grants.filter(
        hospital_id=hospital_id, patient_id=patient_id, account__is_active=True
    ).select_related("patient")
    return frozenset(str(scope) for one in mine for scope in Scope if one.allows(scope))


def show_to_family(
    *, account_id: UUID, patients: Iterable[Patient], shown: str, is_daily: bool = False
) -> None:
    """A line for each patient who is shown to an account that is not their own.

    Pages that are open all day (`is_daily`) leave one line a day for each reader and patient.
    """
    now = clock.now()
    own = Grant.objects.valid(now).of_account(account_id).filter(relation=Relation.SELF)
    known = set(own.values_list("patient_id", flat=True))
    others = {one.pk: one for one in patients if one.pk not in known}
    if others and is_daily:
        midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = AccessLine.objects.filter(
            account_id=account_id, patient_id__in=others, shown=shown, at__gte=midnight
        )
        for seen in set(lines.values_list("patient_id", flat=True)):
            del others[seen]
    if others:
        show_record(account_id=account_id, patients=others.values(), shown=shown, reason="family")


@action
def show_record(
    *,
    patients: Iterable[Patient],
    shown: str,
    reason: str,
    staff: Staff | None = None,
    account_id: UUID | None = None,
) -> None:
    """One access line for each patient who is shown; a page of rows is one INSERT.

    Called by the function that shows it, with who looks: staff, or an account of the family.
    """
    if staff is None and account_id is None:
        raise TypeError("Somebody looks: pass staff=… or account_id=….")
    now = clock.now()
    for patient in {one.pk: one for one in patients}.values():
        write(
            AccessLine(
                hospital_id=patient.hospital_id,
                patient=patient,
                staff=staff,
                account_id=account_id,
                shown=shown,
                reason=reason,
                at=now,
            )
        )
