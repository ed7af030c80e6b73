"""Patients, registered as people do it, with document numbers that can exist."""

import itertools
from datetime import date

from stdnum.cn import ric

from accounts.models import Account, Role
from hospitals.models import Hospital
from patients.actions.ask_to_act import ask_to_act
from patients.actions.check import note_verdict
from patients.actions.confirm import confirm_at_desk
from patients.actions.register import register_patient
from patients.checking import Verdict
from patients.errors import ConfirmationNeeded
from patients.granting import AT_ONCE
from patients.identity import Identity
from patients.models import Document, Patient, Relation, Way
from tests.make.accounts import account as make_account
from tests.make.accounts import staff as make_staff
from tests.make.hospitals import hospital as make_hospital

_numbers = itertools.count(1)


def resident_id(*, born_on: date = date(1958, 3, 12)) -> str:
    """A 居民身份证 number with the right check digit, a fresh one each time."""
    division, serial = divmod(next(_numbers), 1000)
    body = f"{110101 + division % 500000:06d}{born_on:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


def patient(  # noqa: PLR0913 - a test passes only what it is about
    *,
    hospital: Hospital | None = None,
    account: Account | None = None,
    name: str = "王建国",
    document_number: str = "",
    phone: str = "13800138000",
    relation: str = Relation.SELF,
    is_verified: bool = True,
) -> Patient:
    """A patient of the hospital whom the account (a new one unless told) registered.

    Whom the hospital knew before, the account joins at the desk. A check has found that name and
    number belong together, unless told otherwise.
    """
    account, hospital = account or make_account(), hospital or make_hospital()
    said = Identity(name=name, document_number=document_number or resident_id(), phone=phone)
    try:
        registered = register_patient(
            account=account, hospital=hospital, identity=said, relation=relation
        )
    except ConfirmationNeeded:
        registered = joined(hospital=hospital, account=account, identity=said, relation=relation)
    if is_verified and not registered.is_verified:
        claim = Document.objects.get(patient=registered)
        note_verdict(document_id=claim.pk, verdict=Verdict.MATCHES, way=Way.MOCK)
        registered.is_verified = True
    return registered


def joined(
    *, hospital: Hospital, account: Account, identity: Identity, relation: str = Relation.FAMILY
) -> Patient:
    """A patient whom the hospital knew, joined by the account at the booking office's desk."""
    asked = ask_to_act(
        account=account,
        hospital=hospital,
        identity=identity,
        relation=relation,
        scopes=AT_ONCE[Relation(relation)],
    )
    confirm_at_desk(
        staff=make_staff(hospital=hospital, role=Role.BOOKING_OFFICE),
        request_id=asked.pk,
        document_number=asked.patient.document_number,
    )
    return asked.patient
