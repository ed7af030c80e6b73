"""Who is holding the phone: login codes and phone-number codes."""

import base64
import secrets

from sandbox.credentials import Person
from sandbox.wechat import refusals
from sandbox.wechat.edge import WechatCall
from sandbox.wechat.refusals import WechatRefusal
from sandbox.wechat.tokens import app_of_token, app_with_secret
from sandbox.world import World

CODE_LIFE_SECONDS = 300


def make_code(world: World, *, kind: str, app_id: str, openid: str) -> str:
    """What wx.login (kind `login`) or the phone-number button (`phone`) gives the shell."""
    code = secrets.token_urlsafe(24)
    world.store.run(
        "INSERT INTO codes (code, kind, app_id, openid, made_at) VALUES (?, ?, ?, ?, ?)",
        code,
        kind,
        app_id,
        openid,
        world.clock.real(),
    )
    return code


def code_to_session(call: WechatCall) -> dict[str, object]:
    """GET /sns/jscode2session: whose phone the code came from. A code works once."""
    query = call.query
    app = app_with_secret(
        call.world,
        app_id=query.get("appid", ""),
        secret=query.get("secret", ""),
        secret_wrong=refusals.SECRET_WRONG,
    )
    code = query.get("js_code", "")
    if not code:
        raise WechatRefusal(refusals.CODE_MISSING)
    if query.get("grant_type") != "authorization_code":
        raise WechatRefusal(refusals.GRANT_TYPE_WRONG)
    person = _use_code(call.world, kind="login", app_id=app.app_id, code=code)
    session_key = base64.b64encode(secrets.token_bytes(16)).decode("ascii")
    return {"session_key": session_key, "openid": person.openid}


def phone_number(call: WechatCall) -> dict[str, object]:
    """POST /wxa/business/getuserphonenumber: the number behind the button's code."""
    app = app_of_token(call)
    try:
        person = _use_code(call.world, kind="phone", app_id=app.app_id, code=call.text("code"))
    except WechatRefusal as refusal:
        hint = f"invalid code hint: [{secrets.token_hex(4)}]"
        raise WechatRefusal(refusals.CODE_WRONG, text=hint) from refusal
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": person.phone,
            "purePhoneNumber": person.phone,
            "countryCode": "86",
            "watermark": {"timestamp": int(call.world.clock.real()), "appid": app.app_id},
        },
    }


def _use_code(world: World, *, kind: str, app_id: str, code: str) -> Person:
    now = world.clock.real()
    row = world.store.one(
        "SELECT * FROM codes WHERE code = ? AND kind = ? AND app_id = ?", code, kind, app_id
    )
    if row is None or now - row["made_at"] > CODE_LIFE_SECONDS:
        raise WechatRefusal(refusals.CODE_WRONG)
    if row["used_at"] is not None:
        raise WechatRefusal(refusals.CODE_USED)
    person = world.credentials.person(row["openid"])
    if person is None:
        raise WechatRefusal(refusals.CODE_WRONG)
    world.store.run("UPDATE codes SET used_at = ? WHERE code = ?", now, code)
    return person
