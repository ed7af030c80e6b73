"""The SMS platform (短信平台): one text to one phone, in a provider-neutral JSON call.

A request is signed by HMAC-SHA256 over method, path, real time, nonce and the body's digest. No
call is repeated here, and every one has a time-out.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from common import clock
from hospitals.models import SmsSender

PATH = "/sms/v1/messages"
LATER = frozenset({"BUSY", "TOO_OFTEN"})


class SmsRefused(Exception):
    """The platform said no, for a reason that repeating does not cure: `code` is its own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsUnanswered(Exception):
    """No answer that settles it. `may_have_sent` is False where the platform surely did nothing."""

    def __init__(self, *, may_have_sent: bool) -> None:
        super().__init__("may have sent" if may_have_sent else "did nothing")
        self.may_have_sent = may_have_sent


@dataclass(frozen=True)
class Text:
    """What is to be said: a registered template and its values. `out_id` is our own id of it."""

    out_id: str
    template_code: str
    params: Mapping[str, str]


def send_text(sender: SmsSender, *, phone: str, text: Text) -> str:
    """The platform took the text; its id of it. Raises SmsRefused, SmsUnanswered.

    Errors leave without their cause: its text would hold the phone and the code.
    """
    if not settings.SMS_URL:
        raise SmsRefused("NOT_CONFIGURED")
    body = json.dumps(
        {
            "sign_name": sender.sign_name,
            "template_code": text.template_code,
            "phone": phone,
            "params": dict(text.params),
            "out_id": text.out_id,
        },
        ensure_ascii=False,
    ).encode()
    try:
        with httpx.Client(trust_env=False, timeout=settings.PROVIDER_TIMEOUT_SECONDS) as client:
            answer = client.post(
                f"{settings.SMS_URL}{PATH}", content=body, headers=_signed(sender, body)
            )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise SmsUnanswered(may_have_sent=False) from None
    except httpx.HTTPError:
        raise SmsUnanswered(may_have_sent=True) from None
    return _told(answer)


def _signed(sender: SmsSender, body: bytes) -> dict[str, str]:
    moment, nonce = str(int(clock.real_now().timestamp())), secrets.token_hex(16)
    path = urlsplit(f"{settings.SMS_URL}{PATH}").path
    signed = "\n".join(("POST", path, moment, nonce, hashlib.sha256(body).hexdigest()))
    return {
        "Content-Type": "application/json",
        "X-Sms-Key": sender.key_id,
        "X-Sms-Timestamp": moment,
        "X-Sms-Nonce": nonce,
        "X-Sms-Signature": hmac.new(
            sender.secret.encode(), signed.encode(), hashlib.sha256
        ).hexdigest(),
    }


def _told(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        code = told["code"]
    except (ValueError, KeyError, TypeError):
        raise SmsUnanswered(may_have_sent=True) from None
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise SmsUnanswered(may_have_sent=True)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or code in LATER:
        raise SmsUnanswered(may_have_sent=False)
    if code != "OK":
        raise SmsRefused(str(code)[:40])
    return str(told.get("message_id", ""))
