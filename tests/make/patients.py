"""Patients, registered as people do it, with document numbers that can exist."""

import itertools
from datetime import date

from stdnum.cn import ric

from accounts.models import Account
from hospitals.models import Hospital
from patients.actions.check import note_verdict
from patients.actions.register import register_patient
from patients.checking import Verdict
from patients.identity import Identity
from patients.models import Document, Patient, Relation, Way
from tests.make.accounts import account as make_account
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

    A check has found that name and number belong together, unless told otherwise.
    """
    registered = register_patient(
        account=account or make_account(),
        hospital=hospital or make_hospital(),
        identity=Identity(name=name, document_number=document_number or resident_id(), phone=phone),
        relation=relation,
    )
    if is_verified and not registered.is_verified:
        claim = Document.objects.get(patient=registered)
        note_verdict(document_id=claim.pk, verdict=Verdict.MATCHES, way=Way.MOCK)
        registered.is_verified = True
    return registered
