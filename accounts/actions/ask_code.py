"""A one-time code is asked for; it leaves after the commit."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from accounts.errors import CodeTooMany, CodeTooSoon
from accounts.models import Account, OneTimeCode
from common import clock
from common.commands import action
from common.crypto import blind_index
from common.jobs import nudge
from common.logs import refusal_noted
from hospitals.models import Hospital

log = logging.getLogger(__name__)
SEND_CODES = "send_codes"
LIFE = timedelta(minutes=5)
AGAIN_AFTER = timedelta(seconds=60)
MOST_PER_PHONE = ((timedelta(hours=1), 5), (timedelta(days=1), 10))  # by whoever asks
MOST_PER_ACCOUNT_A_DAY = 20  # to whatever phones


@dataclass(frozen=True)
class CodeFor:
    """What a code is asked for, and to which phone. `said_by` is the name the text tells."""

    use: OneTimeCode.Use
    subject_id: UUID
    phone: str
    said_by: str = ""


@action
def ask_code(*, account: Account, hospital: Hospital, wanted: CodeFor) -> OneTimeCode:
    """Six digits are on their way to the phone. Earlier ones for the same thing open nothing.

    Raises CodeTooSoon, CodeTooMany. The answer is the same whoever has the phone, or nobody.
    """
    now = clock.now()
    index = blind_index("code.phone", wanted.phone)
    with refusal_noted(log, "a code is not sent", account_id=account.pk):
        refuse_flood_of_codes(account, phone_index=index)
    code = OneTimeCode(
        hospital=hospital,
        account=account,
        use=wanted.use,
        subject_id=wanted.subject_id,
        phone=wanted.phone,
        phone_index=index,
        minute=int(now.timestamp()) // 60,
        said_by=wanted.said_by,
        made_at=now,
        expires_at=now + LIFE,
    )
    OneTimeCode.objects.bulk_create([code], ignore_conflicts=True)
    if not OneTimeCode.objects.filter(pk=code.pk).exists():  # a twin request came first
        raise CodeTooSoon(again_at=now + AGAIN_AFTER)

    same = OneTimeCode.objects.filter(use=wanted.use, subject_id=wanted.subject_id, used_at=None)
    same.filter(expires_at__gt=now).exclude(pk=code.pk).update(expires_at=now)
    nudge(SEND_CODES)
    return code


def refuse_flood_of_codes(account: Account, *, phone_index: str) -> None:
    """Raises CodeTooSoon, CodeTooMany: by phone across accounts, and by account."""
    now = clock.now()
    asked = OneTimeCode.objects.to_phone(phone_index)
    newest = asked.order_by("-made_at").first()
    if newest is not None and now < newest.made_at + AGAIN_AFTER:
        raise CodeTooSoon(again_at=newest.made_at + AGAIN_AFTER)
    for within, most in MOST_PER_PHONE:
        if asked.filter(made_at__gt=now - within).count() >= most:
            raise CodeTooMany(most=most)
    mine = OneTimeCode.objects.filter(account=account, made_at__gt=now - timedelta(days=1))
    if mine.count() >= MOST_PER_ACCOUNT_A_DAY:
        raise CodeTooMany(most=MOST_PER_ACCOUNT_A_DAY)
