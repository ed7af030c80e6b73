"""Signing in: by WeChat for patients and families, by password for staff."""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import authenticate

from accounts.actions.badge import forget_wrong_pins
from accounts.errors import (
    AccountClosed,
    AppUnknown,
    LoginRefused,
    LoginUnavailable,
    PasswordOver,
    SignInLocked,
    SignInRefused,
)
from accounts.models import Account, SignInTry, Token, WeChatIdentity, WeChatPerson
from accounts.models.session import System
from accounts.wechat import ProviderRefused, ProviderUnreachable, wechat_of
from common import clock
from common.commands import action, write
from common.crypto import blind_index
from common.locking import is_guarded
from common.logs import refusal_noted
from hospitals.models import MiniProgram

log = logging.getLogger(__name__)
TOKEN_LIFE = timedelta(days=30)
MOST_TOKENS = 20  # a shell that logs in again and again leaves no endless list
CODE_TROUBLE = frozenset({40029, 40163, 40226})  # unknown or old, used, a blocked user
UNUSABLE = "!"  # no password fits
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


def account_of_code(*, app_id: str, code: str) -> Account:
    """Whose phone wx.login's code came from. Asks WeChat first, and writes only afterwards.

    Raises AppUnknown, LoginRefused, LoginUnavailable, AccountClosed.
    """
    mini_program = MiniProgram.objects.filter(app_id=app_id).first()
    if mini_program is None:
        raise AppUnknown
    try:
        told = wechat_of(mini_program).session_of_code(code)
    except ProviderRefused as refusal:
        if refusal.code not in CODE_TROUBLE:  # our own secret or app id, which no phone can cure
            log.warning("WeChat refuses the mini-program %s: %s", mini_program.pk, refusal.code)
            raise LoginUnavailable from None
        raise LoginRefused(errcode=refusal.code) from None
    except ProviderUnreachable:
        raise LoginUnavailable from None
    return sign_in_by_wechat(app_id=app_id, openid=told.openid, unionid=told.unionid)


@action
def sign_in_by_wechat(*, app_id: str, openid: str, unionid: str = "") -> Account:
    """The account behind the openid, made at its first login; twin logins share one.

    A WeChat person known by unionid from another mini-program keeps that account, also where both
    first logins come at once. Raises AccountClosed.
    """
    identities = WeChatIdentity.objects.select_related("account")
    known = identities.filter(app_id=app_id, openid=openid).first()
    account = known.account if known else _account_of_person(unionid)
    if account is not None and not account.is_active:
        raise AccountClosed
    if known is not None:
        return known.account

    made = Account(made_at=clock.now(), password=UNUSABLE)
    account = _claim_person(unionid, account or made)
    identity = WeChatIdentity(account=account, app_id=app_id, openid=openid, unionid=unionid)
    WeChatIdentity.objects.bulk_create([identity], ignore_conflicts=True)
    if not WeChatIdentity.objects.filter(pk=identity.pk).exists():  # a twin login came first
        winner = identities.get(app_id=app_id, openid=openid).account
        WeChatPerson.objects.filter(account_id=made.pk).update(account=winner)
        return winner
    if account is made:
        write(account)
    return account


def _account_of_person(unionid: str) -> Account | None:
    """Whom WeChat says it is, in whichever mini-program they were seen."""
    if not unionid:
        return None
    person = WeChatPerson.objects.select_related("account").filter(unionid=unionid).first()
    if person is not None:
        return person.account
    seen = WeChatIdentity.objects.select_related("account").filter(unionid=unionid)
    identity = seen.order_by("pk").first()
    return identity.account if identity else None


def _claim_person(unionid: str, account: Account) -> Account:
    """The one account of the WeChat person: this one, or the one that a twin gave them first.

    Waits while a twin's transaction is open: the constraint is what both meet at.
    """
    if not unionid or not is_guarded("claims"):
        return account
    person = WeChatPerson(unionid=unionid, account=account)
    WeChatPerson.objects.bulk_create([person], ignore_conflicts=True)
    theirs = WeChatPerson.objects.select_related(None).get(unionid=unionid)
    return account if theirs.account_id == account.pk else theirs.account


@action
def issue_token(*, account: Account, system: str = System.OTHER) -> tuple[str, datetime]:
    """A token of the account and until when it is good, in real time.

    Dead ones are dropped, and beyond `MOST_TOKENS` those that were used longest ago.
    """
    tokens = Token.objects.filter(user=account)
    tokens.filter(expiry__lt=clock.real_now()).delete()
    kept = tokens.order_by("-used_at", "-made_at").values_list("pk", flat=True)[: MOST_TOKENS - 1]
    tokens.exclude(pk__in=list(kept)).delete()
    issued = cast("Any", Token.objects)  # knox's own, which has no types
    row, token = issued.create(user=account, expiry=TOKEN_LIFE, system=system)
    return token, row.expiry


def sign_in_staff(*, username: str, password: str) -> Account:
    """The staff member's account. Each step is a command of its own: a wrong try stays written.

    Raises SignInLocked, SignInRefused (neither says whether the name exists), PasswordOver.
    """
    with refusal_noted(log, "a password is refused"):
        return _signed_in(username=username, password=password)


def _signed_in(*, username: str, password: str) -> Account:
    index = tries_of(username)
    note_try(username_index=index)
    refuse_surplus_tries(username_index=index)
    account = authenticate(username=username.strip(), password=password)
    if not isinstance(account, Account) or account.staff_row is None:
        raise SignInRefused
    forget_tries(username_index=index)
    forget_wrong_pins(staff=account.staff_row)
    until = account.staff_row.password_until
    if until is not None and clock.now() >= until:
        raise PasswordOver
    return account


def tries_of(username: str) -> str:
    """What the tries to sign in with this name are counted under."""
    return blind_index("account.username", username.strip().casefold())


@action
def note_try(*, username_index: str) -> None:
    """Write the try down before the password is looked at. Raises SignInLocked.

    After `MOST_TRIES` wrong ones, signing in is closed for `LOCKED_FOR` from the last of them.
    """
    now = clock.now()
    recent = _recent_tries(username_index)[:MOST_TRIES]
    is_full = len(recent) == MOST_TRIES and recent[0] - recent[-1] < LOCKED_FOR
    if is_full and now < recent[0] + LOCKED_FOR:
        raise SignInLocked(until=recent[0] + LOCKED_FOR)

    write(SignInTry(username_index=username_index, at=now))


def refuse_surplus_tries(*, username_index: str) -> None:
    """Of any number of parallel tries, let `MOST_TRIES` have their password looked at.

    Each counts the tries committed so far, its own among them. Raises SignInLocked.
    """
    recent = _recent_tries(username_index)
    within = [at for at in recent if at > recent[0] - LOCKED_FOR]
    if len(within) > MOST_TRIES:
        raise SignInLocked(until=recent[0] + LOCKED_FOR)


def _recent_tries(username_index: str) -> list[datetime]:
    """When, the latest first, as far back as it can matter."""
    since = clock.now() - 2 * LOCKED_FOR
    tries = SignInTry.objects.filter(username_index=username_index, at__gt=since)
    return list(tries.order_by("-at").values_list("at", flat=True))


@action
def forget_tries(*, username_index: str) -> None:
    """The password was right."""
    SignInTry.objects.filter(username_index=username_index).delete()
