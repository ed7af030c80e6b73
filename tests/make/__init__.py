"""Typed functions that make rows for tests: `from tests import make`, then `make.patient()`.

One module per app; what a test does not say gets a plain, valid value.
"""

from tests.make.accounts import (
    account,
    keyed,
    prove,
    second_factor,
    signed_in_client,
    staff,
    token,
)
from tests.make.booking import appointment, session, slot
from tests.make.clinic import bed, department, doctor, level, price, room
from tests.make.hospitals import hospital
from tests.make.notifications import template
from tests.make.patients import patient, resident_id
from tests.make.payments import charge

__all__ = [
    "account",
    "appointment",
    "bed",
    "charge",
    "department",
    "doctor",
    "hospital",
    "keyed",
    "level",
    "patient",
    "price",
    "prove",
    "resident_id",
    "room",
    "second_factor",
    "session",
    "signed_in_client",
    "slot",
    "staff",
    "template",
    "token",
]
