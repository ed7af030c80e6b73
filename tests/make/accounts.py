"""Accounts, staff, and clients that are signed in as them."""

import itertools
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from django.test import Client
from rest_framework.test import APIClient

from accounts.codes import new_secret
from accounts.models import Account, Role, SecondFactor, Staff, Token
from accounts.strength import PROVED
from common import clock
from hospitals.models import Hospital
from tests.make.hospitals import hospital as make_hospital

PASSWORD = "Spring-rain-2026"  # noqa: S105 - of every staff member in tests
_numbers = itertools.count(1)


def account(*, is_active: bool = True) -> Account:
    """Somebody from WeChat: no name, no password."""
    made = Account(made_at=clock.now(), is_active=is_active)
    made.set_unusable_password()
    made.save(force_insert=True)
    return made


def staff(
    *, hospital: Hospital | None = None, role: str = Role.DOCTOR, name: str = "林静"
) -> Staff:
    """A staff member who can sign in with `PASSWORD`."""
    number = f"S{next(_numbers):04d}"
    login = Account(username=f"{number.lower()}-{uuid4().hex[:8]}", made_at=clock.now())
    login.set_password(PASSWORD)
    login.save(force_insert=True)
    return Staff.objects.create(
        hospital=hospital or make_hospital(), account=login, number=number, name=name, role=role
    )


def token(who: Account) -> str:
    """A token of the account, for `Authorization: Token …`."""
    return login(who)[1]


def login(who: Account, *, days: int = 30) -> tuple[Token, str]:
    """The row of a fresh token, and the token itself."""
    row, made = cast("Any", Token.objects).create(user=who, expiry=timedelta(days=days))
    return row, made


def second_factor(who: Staff) -> SecondFactor:
    """Their authenticator, bound; its secret is in the row."""
    found = SecondFactor.objects.filter(account=who.account).first()
    return found or SecondFactor.objects.create(
        hospital=who.hospital, account=who.account, secret=new_secret(), confirmed_at=clock.now()
    )


def prove(client: Client, who: Staff, *, ago: timedelta = timedelta(0)) -> None:
    """The client's session has shown the second factor, a while ago."""
    session = client.session
    session[PROVED] = {
        "account": str(who.account_id),
        "by": str(second_factor(who).pk),
        "at": (clock.real_now() - ago).timestamp(),
    }
    session.save()


def signed_in_client(who: Account | Staff, *, is_proved: bool = True) -> APIClient:
    """A client signed in both ways: by token for the API, by session for pages.

    Staff have shown their second factor just now, unless a test is about that.
    """
    login = who.account if isinstance(who, Staff) else who
    client = APIClient()
    client.force_login(login)
    if isinstance(who, Staff) and is_proved:
        prove(client, who)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token(login)}")
    return client


def keyed(key: str = "") -> dict[str, str]:
    """The header of a command: `client.post(url, data, format="json", headers=make.keyed())`."""
    return {"Idempotency-Key": key or str(uuid4())}
