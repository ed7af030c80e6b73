"""A one-time code is tried: counted first, in a command of its own, and only then looked at."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from accounts.errors import CodeWrong
from accounts.models import OneTimeCode
from common import clock
from common.commands import action
from common.crypto import blind_index

MOST_TRIES = 5
DIGITS = 6


@dataclass(frozen=True)
class CountedTry:
    """What somebody typed, after it was counted. Made by `count_try` alone."""

    code_id: UUID | None
    said: str


@action
def count_try(*, use: str, subject_id: UUID, said: str) -> CountedTry:
    """The try is written down before anybody looks; of parallel ones, five are looked at."""
    now = clock.now()
    open_codes = OneTimeCode.objects.filter(
        use=use, subject_id=subject_id, used_at=None, expires_at__gt=now
    )
    newest = open_codes.order_by("-made_at", "-pk").first()
    if newest is None:
        return CountedTry(None, said)
    left = OneTimeCode.objects.filter(pk=newest.pk, tries__lt=MOST_TRIES)
    return CountedTry(newest.pk if left.update(tries=F("tries") + 1) else None, said)


@action
def use_code(*, tried: CountedTry, use: str, subject_id: UUID) -> OneTimeCode:
    """The code is spent; of any number who try, one succeeds. Raises CodeWrong, for whatever
    reason: wrong, used, too old, tried too often, or never sent.
    """
    fitting = OneTimeCode.objects.filter(
        pk=tried.code_id or subject_id, use=use, subject_id=subject_id, expires_at__gt=clock.now()
    )
    row = fitting.first() if tried.code_id else None
    if row is None or not row.digest or row.digest != digest_of(row, tried.said):
        raise CodeWrong
    if not fitting.filter(used_at=None).take(used_at=clock.now()):
        raise CodeWrong
    return row


def digest_of(code: OneTimeCode, digits: str) -> str:
    """What is kept of a code; of no use without the key."""
    return blind_index("code.digest", f"{code.pk}:{digits.strip()[: DIGITS + 1]}")
