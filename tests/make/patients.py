"""Patients, registered as people do it, with document numbers that can exist."""

import itertools
from datetime import date

from stdnum.cn import ric

from accounts.models import Account
from hospitals.models import Hospital
from patients.actions.register import register_patient
from patients.identity import Identity
from patients.models import Patient, Relation
from tests.make.accounts import account as make_account
from tests.make.hospitals import hospital as make_hospital

_numbers = itertools.count(1)


def resident_id(*, born_on: date = date(1958, 3, 12)) -> str:
    """A 居民身份证 number with the right check digit, a fresh one each time."""
    division, serial = divmod(next(_numbers), 1000)
    body = f"{110101 + division % 500000:06d}{born_on:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


def patient(
    *,
    hospital: Hospital | None = None,
    account: Account | None = None,
    name: str = "王建国",
    document_number: str = "",
    phone: str = "13800138000",
    relation: str = Relation.SELF,
) -> Patient:
    """A patient of the hospital whom the account (a new one unless told) registered."""
    return register_patient(
        account=account or make_account(),
        hospital=hospital or make_hospital(),
        identity=Identity(name=name, document_number=document_number or resident_id(), phone=phone),
        relation=relation,
    )
