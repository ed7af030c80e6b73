"""What an account may do for whom, and the lines that say who was shown what.

Every patient read starts from the account's own valid grants, so a forgotten filter cannot leak.
"""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from django.db.models import Q
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
from patients.asked_first import refuse_unasked
from patients.errors import PatientUnknown
from patients.models import AccessLine, AccessLineQuerySet, Grant, Patient, Relation, Scope
from patients.people import one_with
from patients.quota import midnight, refuse_too_many

FAMILY = "family"  # the reason of a line left by an account that is not the patient's own
Asker = HttpRequest | Request | Account


def patient_for(
    who: Asker, patient_id: UUID, *, scope: Scope | None = None, hospital: Hospital | None = None
) -> Patient:
    """The patient for whom the asker may do this, in the hospital (default: the address's).

    A grant to a patient covers those who were joined with them.
    Raises PatientUnknown for anybody else's id, for another hospital's, and where the scope was
    not granted: who asks cannot tell which.
    """
    place = hospital or _hospital_in(who)
    account_id = who.pk if isinstance(who, Account) else account_id_of(who)
    grants = (
        Grant.objects.valid(clock.now())
        .of_account(account_id)
        .filter(hospital=place, patient__in=one_with(patient_id))
        .select_related("patient")
    )
    allowing = {one.patient_id: one for one in grants if scope is None or one.allows(scope)}
    if not allowing:
        raise PatientUnknown(patient_id=patient_id)
    named = allowing.get(patient_id)
    patient = named.patient if named else Patient.objects.get(pk=patient_id)
    patient.hospital = place
    return patient


def _hospital_in(who: Asker) -> Hospital:
    if isinstance(who, Account):
        raise TypeError("An account alone names no hospital: pass hospital=….")
    return hospital_of(code_in(who))


def patients_of(
    account_id: UUID, hospital: Hospital, *, scope: Scope | None = None
) -> RowQuerySet[Patient]:
    """Everybody in the hospital for whom the account may do this (or anything) now.

    And whoever was joined with one of them: `shown_once` leaves one row for each person.
    """
    grants = Grant.objects.valid(clock.now()).of_account(account_id).filter(hospital=hospital)
    rows = grants.select_related("patient")
    allowed = [one for one in rows if scope is None or one.allows(scope)]
    found = Q(pk__in=[one.patient_id for one in allowed])
    leading = {one.patient.joined_to_id for one in allowed} - {None}
    if leading:
        found |= Q(joined_to__in=leading)
    return Patient.objects.filter(found, hospital=hospital)


def has_scope(account_id: UUID, patient_id: UUID, *, scope: Scope) -> bool:
    """True where the account may do this for the patient now."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id)
    theirs = grants.filter(patient__in=one_with(patient_id))
    return any(grant.allows(scope) for grant in theirs)


def scopes_of(account_id: UUID, patient_id: UUID, *, hospital_id: UUID) -> frozenset[str]:
    """All that the account may do for the patient now; nothing for a closed account."""
    grants = Grant.objects.valid(clock.now()).of_account(account_id)
    mine = grants.filter(
        hospital_id=hospital_id, patient__in=one_with(patient_id), account__is_active=True
    ).select_related("patient")
    return frozenset(str(scope) for one in mine for scope in Scope if one.allows(scope))


def show_to_family(
    *, account_id: UUID, patients: Iterable[Patient], shown: str, is_daily: bool = False
) -> None:
    """A line for each patient who is shown to an account that is not their own.

    Pages that are open all day (`is_daily`) leave one line a day for each reader and patient.
    """
    own = Grant.objects.valid(clock.now()).of_account(account_id).filter(relation=Relation.SELF)
    known = set(chain(*own.values_list("patient_id", "patient__joined_to_id"))) - {None}
    others = [one for one in patients if not known & {one.pk, one.joined_to_id}]
    if others:
        show_record(
            account_id=account_id,
            patients=others,
            shown=shown,
            reason=FAMILY,
            is_daily=is_daily,
        )


@action
def show_record(
    *,
    patients: Iterable[Patient],
    shown: str,
    reason: str,
    staff: Staff | None = None,
    account_id: UUID | None = None,
    is_daily: bool = False,
) -> None:
    """One access line for each patient who is shown; a page of rows is one INSERT.

    Called by the function that shows it, with who looks: staff, or an account of the family. A
    page that stays open (`is_daily`) leaves one line a day; docs/adr/what-is-a-disclosure.md.
    Raises ReasonNeeded about a colleague or a marked person, ReadQuota.
    """
    if staff is None and account_id is None:
        raise TypeError("Somebody looks: pass staff=… or account_id=….")
    others = {one.pk: one for one in patients}
    if staff is not None and others:
        refuse_unasked(staff, others.values(), reason=reason)
    if is_daily and others:
        reader = {"staff": staff} if staff is not None else {"account_id": account_id}
        seen = _seen_today(AccessLine.objects.filter(shown=shown, **reader), others)
        others = {key: one for key, one in others.items() if key not in seen}
    if staff is not None and others:
        refuse_too_many(staff, others)

    for patient in others.values():
        write(
            AccessLine(
                hospital_id=patient.hospital_id,
                patient=patient,
                staff=staff,
                account_id=account_id,
                role=staff.role if staff else "",
                shown=shown,
                reason=reason,
                at=clock.now(),
            )
        )


def _seen_today(lines: AccessLineQuerySet, patient_ids: Iterable[UUID]) -> set[UUID]:
    today = lines.since(midnight(clock.today())).filter(patient_id__in=patient_ids)
    return set(today.values_list("patient_id", flat=True))
