"""Takes a message for a phone: proves the caller, checks the order, keeps what was sent."""

import hashlib
import hmac
import json
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, raw_body
from sandbox.credentials import SmsAccount
from sandbox.faults import answer_under_faults
from sandbox.world import World, world_of

PATH = "/sms/v1/messages"
SKEW_SECONDS = 300
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LABEL = {"provider": "sandbox (mock)"}
LONGEST_PARAMETER = 35  # characters, as the platforms have it


class SmsRefusal(Exception):
    """The message is not sent: `code` says why, `status` is 400 or 403."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


async def take_message(request: Request) -> Response:
    """POST /sms/v1/messages: the message is on the phone."""
    world = world_of(request)
    try:
        raw = await raw_body(request)
    except BodyTooLong:
        return Response(status_code=413)

    def answer() -> Response:
        with world.store.transaction():  # a refusal commits too: it used up its fault
            try:
                account = _caller(world, request, raw=raw)
                return JSONResponse(LABEL | _taken(world, account, raw=raw))
            except SmsRefusal as refusal:
                return JSONResponse(LABEL | {"code": refusal.code}, status_code=refusal.status)

    return await answer_under_faults(world.faults, PATH, answer=answer, broken=_broken)


def _broken(fault: str) -> Response:
    status = 500 if fault == "http_500" else 429
    return JSONResponse(LABEL | {"code": "BUSY"}, status_code=status)


def _caller(world: World, request: Request, *, raw: bytes) -> SmsAccount:
    """Whose key signed. Raises SmsRefusal."""
    account = world.credentials.sms_account(request.headers.get("X-Sms-Key", ""))
    moment = request.headers.get("X-Sms-Timestamp", "")
    nonce = request.headers.get("X-Sms-Nonce", "")
    if account is None or not moment.isascii() or not moment.isdigit() or not nonce:
        raise SmsRefusal("SIGNATURE_WRONG", 403)
    if abs(int(moment[:20]) - world.clock.real()) > SKEW_SECONDS:
        raise SmsRefusal("TIMESTAMP_EXPIRED", 403)
    signed = "\n".join(("POST", PATH, moment, nonce, hashlib.sha256(raw).hexdigest()))
    right = hmac.new(account.secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right, request.headers.get("X-Sms-Signature", "")):
        raise SmsRefusal("SIGNATURE_WRONG", 403)
    return account


def _taken(world: World, account: SmsAccount, *, raw: bytes) -> dict[str, object]:
    """The same `out_id` again is the same message."""
    try:
        order = json_object(raw)
    except BodyUnreadable:
        raise SmsRefusal("BODY_UNREADABLE") from None
    phone, out_id, text = _text(order, "phone"), _text(order, "out_id"), _worded(account, order)
    if not MOBILE.fullmatch(phone) or world.faults.take("sms_number_refused") is not None:
        raise SmsRefusal("NUMBER_REFUSED")
    known = world.store.one("SELECT seq FROM sms WHERE out_id = ?", out_id)
    if known is None:
        world.store.run(
            "INSERT INTO sms (out_id, phone, sign_name, template_code, params, text, sent_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            out_id,
            phone,
            account.sign_name,
            _text(order, "template_code"),
            json.dumps(order["params"], ensure_ascii=False),
            text,
            world.clock.shown(),
        )
        known = world.store.one("SELECT seq FROM sms WHERE out_id = ?", out_id)
    return {"code": "OK", "message_id": "" if known is None else f"mock-{known['seq']}"}


def _worded(account: SmsAccount, order: dict[str, object]) -> str:
    """The text as the phone shows it. Raises SmsRefusal."""
    if _text(order, "sign_name") != account.sign_name:
        raise SmsRefusal("SIGN_UNKNOWN")
    template = account.templates.get(_text(order, "template_code"))
    if template is None:
        raise SmsRefusal("TEMPLATE_UNKNOWN")
    params = order.get("params")
    wanted = set(re.findall(r"\{(\w+)\}", template))
    if not isinstance(params, dict) or set(params) != wanted:
        raise SmsRefusal("PARAMS_WRONG")
    for value in params.values():
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_PARAMETER:
            raise SmsRefusal("PARAMS_WRONG")
    return f"【{account.sign_name}】" + template.format_map(params)


def _text(order: dict[str, object], name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str) or not value:
        raise SmsRefusal("BODY_UNREADABLE")
    return value
