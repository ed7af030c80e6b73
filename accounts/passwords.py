"""Passwords of staff: what they must be, and those that open once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.errors import PasswordWeak
from accounts.models import Account

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
PASSWORD_SIGNS = 12  # 59 bits; wrong ones are counted
ONE_TIME_FOR = timedelta(days=3)  # from the desk to the first sign-in


@dataclass(frozen=True)
class OneTimePassword:
    """A password that must be changed at the first sign-in, and its hash."""

    plain: str
    hashed: str


def new_password() -> str:
    """A password that can be typed from a screen."""
    return "".join(secrets.choice(SIGNS) for _ in range(PASSWORD_SIGNS))


def one_time_password() -> OneTimePassword:
    """A fresh one. Made before the command opens: a hash takes half a second."""
    plain = new_password()
    return OneTimePassword(plain=plain, hashed=make_password(plain))


def refuse_weak(password: str, *, account: Account) -> None:
    """Ten signs or more, not common, not numbers alone, not like the name. Raises PasswordWeak."""
    try:
        validate_password(password, user=account)
    except ValidationError as trouble:
        codes = [one.code for one in trouble.error_list]
        raise PasswordWeak(reasons=codes) from None
