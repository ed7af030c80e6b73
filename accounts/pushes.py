"""Whether a push truly comes from WeChat, to this mini-program, just now; and what it says.

Message push (消息推送, wechat.md B): plain, compatible and secure mode, in JSON or XML. A
mini-program with an encoding key takes nothing that is not encrypted: the plain signature does
not cover the body.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

from accounts.errors import PushForged, PushUnreadable
from accounts.models import WeChatIdentity
from common.asking import Purpose
from hospitals.models import MiniProgram

PUSH_SKEW = timedelta(minutes=5)  # ours: WeChat repeats within seconds, and signs anew
LONGEST_EVENT = 60
UNOPENED = (KeyError, TypeError, ValueError, IndexError, struct.error, WeChatException)


@dataclass(frozen=True)
class Told:
    """One event of WeChat's about one of a mini-program's users."""

    mini_program: MiniProgram
    event: str
    openid: str
    at: datetime
    body: Mapping[str, Any]

    @property
    def items(self) -> list[dict[str, Any]]:
        """What `List` holds: XML wraps it by event; JSON has an object where there is but one."""
        inner = next(
            (one for name, one in self.body.items() if name.startswith("SubscribeMsg")), self.body
        )
        told = inner.get("List") if isinstance(inner, Mapping) else None
        listed = told if isinstance(told, list) else [told]
        return [one for one in listed if isinstance(one, dict)]

    @property
    def account_ids(self) -> list[Any]:
        """The account that WeChat means, if we know one."""
        known = WeChatIdentity.objects.filter(
            app_id=self.mini_program.app_id, openid=self.openid, account__is_active=True
        )
        return list(known.values_list("account_id", flat=True))


# Asked by event inside the transaction that marks the push applied; may be asked twice.
when_pushed: Purpose[[Told], None] = Purpose("when_pushed")


def prove_address(mini_program: MiniProgram, *, query: Mapping[str, str], now: datetime) -> str:
    """The word WeChat wants back when somebody enters our address at its console.

    `now` is the wall clock.
    Raises PushForged.
    """
    _refuse_forged(mini_program, query=query, now=now)
    return query.get("echostr", "")


def open_push(
    mini_program: MiniProgram, *, query: Mapping[str, str], body: bytes, now: datetime
) -> bytes:
    """What was told, as JSON in UTF-8; `now` is the wall clock.

    Raises PushForged, PushUnreadable.
    """
    _refuse_forged(mini_program, query=query, now=now)
    outside = _parsed(body)
    if mini_program.push_aes_key:
        outside = _parsed(_decrypted(mini_program, query=query, outside=outside))
    return json.dumps(outside, ensure_ascii=False, sort_keys=True).encode()


def read_push(mini_program: MiniProgram, body: bytes) -> Told:
    """The event behind an opened push. Raises PushUnreadable."""
    told = json.loads(body)
    event, openid = told.get("Event") or told.get("MsgType"), told.get("FromUserName")
    if not isinstance(event, str) or not 0 < len(event) <= LONGEST_EVENT:
        raise PushUnreadable(field="Event")
    if not isinstance(openid, str):
        raise PushUnreadable(field="FromUserName")
    try:
        at = datetime.fromtimestamp(int(told["CreateTime"]), tz=UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as trouble:
        raise PushUnreadable(field="CreateTime") from trouble
    return Told(mini_program=mini_program, event=event, openid=openid, at=at, body=told)


def _refuse_forged(mini_program: MiniProgram, *, query: Mapping[str, str], now: datetime) -> None:
    token = mini_program.push_token
    if not token:
        raise PushForged(part="token")
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not hmac.compare_digest(
        signature_of(token, timestamp, nonce).encode(), query.get("signature", "").encode()
    ):
        raise PushForged(part="signature")
    if not timestamp.isascii() or not timestamp.isdigit():
        raise PushForged(part="timestamp")
    if abs(now.timestamp() - int(timestamp)) > PUSH_SKEW.total_seconds():
        raise PushForged(part="timestamp")


def signature_of(*words: str) -> str:
    """WeChat's proof of a push: SHA-1 over the sorted words, the token among them."""
    return hashlib.sha1("".join(sorted(words)).encode(), usedforsecurity=False).hexdigest()


def _decrypted(
    mini_program: MiniProgram, *, query: Mapping[str, str], outside: Mapping[str, Any]
) -> bytes:
    """The inner message of secure or compatible mode."""
    token = str(mini_program.push_token)
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    encrypted = outside.get("Encrypt")
    if not isinstance(encrypted, str):
        raise PushForged(part="encryption")
    right = signature_of(token, timestamp, nonce, encrypted)
    if not hmac.compare_digest(right.encode(), query.get("msg_signature", "").encode()):
        raise PushForged(part="msg_signature")
    crypto = WeChatCrypto(token, mini_program.push_aes_key, mini_program.app_id)
    try:
        inner: str = crypto.decrypt_message(dict(outside), right, timestamp, nonce)
    except UNOPENED as trouble:
        raise PushForged(part="encryption") from trouble
    return inner.encode()


def _parsed(text: bytes) -> dict[str, Any]:
    """JSON, or XML without entities. Raises PushUnreadable."""
    try:
        is_xml = text.lstrip()[:1] == b"<"
        told = xmltodict.parse(text)["xml"] if is_xml else json.loads(text)
    except (ValueError, KeyError, TypeError, RecursionError, ExpatError) as trouble:
        raise PushUnreadable(field="body") from trouble
    if not isinstance(told, dict):
        raise PushUnreadable(field="body")
    return told
