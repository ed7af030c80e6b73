"""Subscription messages (订阅消息): one accept buys exactly one send."""

import json
from collections.abc import Mapping

from sandbox.credentials import MessageTemplate
from sandbox.wechat import refusals
from sandbox.wechat.edge import WechatCall
from sandbox.wechat.fields import obeys
from sandbox.wechat.refusals import WechatRefusal
from sandbox.wechat.tokens import app_of_token
from sandbox.world import World

STATES = frozenset({"developer", "trial", "formal"})
LANGUAGES = frozenset({"zh_CN", "en_US", "zh_HK", "zh_TW"})
LONGEST_PAGE = 1024


def accept(world: World, *, openid: str, template_id: str, count: int) -> int:
    """The person accepted `count` times; the credits now left."""
    world.store.run(
        "INSERT INTO credits (openid, template_id, left_over) VALUES (?, ?, ?)"
        " ON CONFLICT (openid, template_id) DO UPDATE SET left_over = left_over + ?",
        openid,
        template_id,
        count,
        count,
    )
    return credits_left(world, openid=openid, template_id=template_id)


def credits_left(world: World, *, openid: str, template_id: str) -> int:
    """How many messages of this template the person will still take."""
    row = world.store.one(
        "SELECT left_over FROM credits WHERE openid = ? AND template_id = ?", openid, template_id
    )
    return 0 if row is None else int(row["left_over"])


def send_message(call: WechatCall) -> dict[str, object]:
    """POST /cgi-bin/message/subscribe/send: the message is on the phone, a credit is gone."""
    app = app_of_token(call)
    person = call.world.credentials.person(call.text("touser"))
    if person is None:
        raise WechatRefusal(refusals.OPENID_WRONG)
    template = call.world.credentials.template(call.text("template_id"))
    if template is None:
        raise WechatRefusal(refusals.TEMPLATE_WRONG)
    page = _page(call)
    values = _values(call.body.get("data"), template)
    state = _one_of(call, "miniprogram_state", allowed=STATES, default="formal")
    lang = _one_of(call, "lang", allowed=LANGUAGES, default="zh_CN")
    _spend_credit(call.world, openid=person.openid, template_id=template.template_id)
    call.world.store.run(
        "INSERT INTO messages (app_id, openid, template_id, page, data, state, lang, sent_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        app.app_id,
        person.openid,
        template.template_id,
        page,
        json.dumps(values, ensure_ascii=False),
        state,
        lang,
        call.world.clock.shown(),
    )
    row = call.world.store.one("SELECT max(seq) AS seq FROM messages")
    return {"errcode": 0, "errmsg": "ok", "msgid": 0 if row is None else row["seq"]}


def _page(call: WechatCall) -> str:
    page = call.body.get("page")
    if page is None:
        return ""
    if not isinstance(page, str) or len(page) > LONGEST_PAGE or "://" in page:
        raise WechatRefusal(refusals.PAGE_WRONG)
    return page


def _values(data: object, template: MessageTemplate) -> dict[str, str]:
    """Every field of the template, filled as its type asks; and no other field."""
    if not isinstance(data, Mapping):
        raise WechatRefusal(refusals.ARGUMENT_WRONG)
    for field in data:
        if field not in template.fields:
            raise _argument_wrong(str(field), "invalid")
    return {field: _value(data.get(field), field) for field in template.fields}


def _value(holder: object, field: str) -> str:
    value = holder.get("value") if isinstance(holder, Mapping) else None
    if value is None or value == "":
        raise _argument_wrong(field, "is empty")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not obeys(field, value):
        raise _argument_wrong(field, "invalid")
    return value


def _argument_wrong(field: str, trouble: str) -> WechatRefusal:
    text = f"argument invalid! data.{field}.value {trouble}"
    return WechatRefusal(refusals.ARGUMENT_WRONG, text=text)


def _one_of(call: WechatCall, name: str, *, allowed: frozenset[str], default: str) -> str:
    value = call.body.get(name, default)
    if not isinstance(value, str) or value not in allowed:
        text = f"argument invalid! {name} invalid"
        raise WechatRefusal(refusals.ARGUMENT_WRONG, text=text)
    return value


def _spend_credit(world: World, *, openid: str, template_id: str) -> None:
    if world.faults.take("refuse_43101") is not None:
        raise WechatRefusal(refusals.PERSON_REFUSES)
    spent = world.store.run(
        "UPDATE credits SET left_over = left_over - 1"
        " WHERE openid = ? AND template_id = ? AND left_over > 0",
        openid,
        template_id,
    )
    if not spent:
        raise WechatRefusal(refusals.PERSON_REFUSES)
