"""Codes leave: leased in one command, sent in none, recorded in another. None is sent twice."""

import logging
import secrets
from datetime import timedelta

from accounts.actions.use_code import DIGITS, digest_of
from accounts.models import OneTimeCode
from accounts.sms import SmsRefused, SmsUnanswered, Text, send_text
from common import clock
from common.commands import action
from hospitals.models import SmsSender

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BATCH = 20
PURPOSES = {
    OneTimeCode.Use.EXPORT: "取走本人资料",
    OneTimeCode.Use.CLOSE: "注销账号",
}


def send_codes() -> int:
    """Send one batch; how many left. What a dead sender leased becomes UNKNOWN.

    A sweep: none where nothing is due or the platform is away.
    """
    give_up_abandoned()
    for sent in range(BATCH):
        leased = lease_code()
        if leased is None:
            return sent
        code, digits = leased
        status = _sent(code, digits)
        record_code(code=code, status=status)
        if status == OneTimeCode.Status.WAITING:
            return 0
    return BATCH


@action
def lease_code() -> tuple[OneTimeCode, str] | None:
    """The next code is this sender's, with fresh digits that are written nowhere."""
    now = clock.now()
    code = OneTimeCode.objects.due(now).skip_locked().first()
    if code is None:
        return None
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    code.move_to(
        OneTimeCode.Status.SENDING, digest=digest_of(code, digits), lease_until=now + LEASE
    )
    return code, digits


def _sent(code: OneTimeCode, digits: str) -> OneTimeCode.Status:
    sender = SmsSender.objects.filter(hospital_id=code.hospital_id).first()
    if sender is None:
        return OneTimeCode.Status.REFUSED
    try:
        send_text(sender, phone=code.phone, text=_text(code, digits))
    except SmsRefused as refusal:
        log.warning("a code was refused: %s", refusal.code, extra={"code_id": code.pk})
        return OneTimeCode.Status.REFUSED
    except SmsUnanswered as trouble:
        return OneTimeCode.Status.UNKNOWN if trouble.may_have_sent else OneTimeCode.Status.WAITING
    return OneTimeCode.Status.SENT


def _text(code: OneTimeCode, digits: str) -> Text:
    """The platform's template for the use. `out_id` differs for each attempt's digits."""
    out_id = f"{code.pk.hex}{digest_of(code, digits)[:8]}"
    if code.use == OneTimeCode.Use.GRANT:
        return Text(out_id, "CODE_GRANT", {"name": code.said_by or "家属", "code": digits})
    purpose = PURPOSES[OneTimeCode.Use(code.use)]
    return Text(out_id, "CODE_PROOF", {"code": digits, "purpose": purpose})


@action
def record_code(*, code: OneTimeCode, status: OneTimeCode.Status) -> None:
    """How it went is written, unless somebody gave the lease up meanwhile."""
    row = OneTimeCode.objects.locked().get(pk=code.pk)
    if row.status == OneTimeCode.Status.SENDING and row.digest == code.digest:
        row.move_to(status, lease_until=None)


@action
def give_up_abandoned() -> int:
    """Whose sender died: perhaps sent, so never sent again; the person asks for another."""
    rows = list(OneTimeCode.objects.abandoned(clock.now()).skip_locked()[:BATCH])
    for row in rows:
        row.move_to(OneTimeCode.Status.UNKNOWN, lease_until=None)
    return len(rows)
