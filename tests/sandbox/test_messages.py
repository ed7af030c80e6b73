"""Subscription messages: credits, templates, types."""

from typing import Any

import pytest
import requests
from wechatpy.exceptions import WeChatClientException

from sandbox.wechat.fields import obeys
from tests.sandbox.libraries import wechat_client
from tests.sandbox.outside import Sandbox
from tests.sandbox.test_login import access_token

REMINDER = {"thing1": "心内科", "time2": "2026年03月02日 08:30", "thing3": "请带身份证"}


def values(**changes: object) -> dict[str, dict[str, object]]:
    return {key: {"value": value} for key, value in {**REMINDER, **changes}.items()}


def subscribed(sandbox: Sandbox, *, count: int = 1) -> tuple[str, str]:
    openid = sandbox.credentials.people[0].openid
    template_id = sandbox.template("visit_reminder")
    body = {"openid": openid, "template_id": template_id, "count": count}
    sandbox.control("subscribe", body)
    return openid, template_id


def send(sandbox: Sandbox, **changes: object) -> dict[str, Any]:
    openid, template_id = subscribed(sandbox)
    url = f"{sandbox.url}/cgi-bin/message/subscribe/send"
    body = {"touser": openid, "template_id": template_id, "data": values(), **changes}
    query = {"access_token": access_token(sandbox)}
    answer: dict[str, Any] = requests.post(url, params=query, json=body, timeout=5).json()
    return answer


def test_wechatpy_sends_a_message_that_arrives_on_the_phone(sandbox: Sandbox) -> None:
    openid, template_id = subscribed(sandbox)

    answer = wechat_client(sandbox).wxa.send_subscribe_message(
        openid, template_id, values(), page="m/demo/"
    )

    [message] = sandbox.control("messages")["messages"]
    assert answer["errcode"] == 0
    assert message["openid"] == openid
    assert message["key"] == "visit_reminder"
    assert message["data"] == REMINDER
    assert message["page"] == "m/demo/"
    assert message["miniprogram_state"] == "formal"


def test_each_accept_buys_exactly_one_message(sandbox: Sandbox) -> None:
    client = wechat_client(sandbox)
    openid, template_id = subscribed(sandbox, count=2)
    client.wxa.send_subscribe_message(openid, template_id, values())
    client.wxa.send_subscribe_message(openid, template_id, values())

    with pytest.raises(WeChatClientException) as refusal:
        client.wxa.send_subscribe_message(openid, template_id, values())

    assert refusal.value.errcode == 43101
    assert "user refuse to accept the msg rid: " in refusal.value.errmsg
    assert len(sandbox.control("messages")["messages"]) == 2


@pytest.mark.parametrize(
    ("changes", "errcode", "text"),
    [
        ({"touser": "o-nobody"}, 40003, "invalid openid"),
        ({"template_id": "made up"}, 40037, "invalid template_id"),
        ({"page": "https://example.org/"}, 41030, "invalid page"),
        ({"data": values(thing1="")}, 47003, "data.thing1.value is empty"),
        ({"data": values(thing1="一" * 21)}, 47003, "data.thing1.value invalid"),
        ({"data": values(thing9="多余")}, 47003, "data.thing9.value invalid"),
        ({"data": []}, 47003, "argument invalid!"),
        ({"miniprogram_state": "live"}, 47003, "miniprogram_state"),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_and_costs_no_credit(
    sandbox: Sandbox, changes: dict[str, object], errcode: int, text: str
) -> None:
    answer = send(sandbox, **changes)

    assert answer["errcode"] == errcode
    assert text in answer["errmsg"]
    assert sandbox.control("messages")["messages"] == []
    openid, template_id = sandbox.credentials.people[0].openid, sandbox.template("visit_reminder")
    again = sandbox.control("subscribe", {"openid": openid, "template_id": template_id})
    assert again["credits"] == 2


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"touser":"\\ud800"}', b"NaN"])
def test_a_body_that_is_no_json_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    url = f"{sandbox.url}/cgi-bin/message/subscribe/send"
    answer = requests.post(url, data=body, timeout=5).json()

    assert answer["errcode"] == 47001


def test_a_body_without_end_is_cut_off(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/cgi-bin/message/subscribe/send"

    assert requests.post(url, data=b"x" * (1024 * 1024 + 1), timeout=5).status_code == 413


def test_rare_characters_and_emoji_reach_the_phone(sandbox: Sandbox) -> None:
    answer = send(sandbox, data=values(thing3="欧阳𬱖、㛃 😀"))

    assert answer["errcode"] == 0
    assert sandbox.control("messages")["messages"][0]["data"]["thing3"] == "欧阳𬱖、㛃 😀"


def test_a_fault_refuses_as_if_the_person_had_switched_messages_off(sandbox: Sandbox) -> None:
    sandbox.fault("refuse_43101")

    assert send(sandbox)["errcode"] == 43101
    assert send(sandbox)["errcode"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", "一" * 20),
        ("character_string3", "A-012/3"),
        ("number1", "12.50"),
        ("letter1", "AbC"),
        ("symbol1", "!?"),
        ("time2", "08:30"),
        ("time2", "2026年3月2日 08:30"),
        ("time2", "2026-03-02 08:30:00"),
        ("time2", "08:30~09:00"),
        ("time2", "2026年03月02日 08:30~2026年03月02日 09:00"),
        ("date1", "2026年03月02日"),
        ("date1", "2026.03.02 8:05"),
        ("date1", "2026/03/02~2026/03/05"),
        ("amount1", "¥12.50"),
        ("amount1", "1250.00元"),
        ("phone_number1", "+86-19900000001"),
        ("car_number1", "京A12345"),
        ("name1", "欧阳𬱖"),
        ("name1", "Anna Maria"),
        ("phrase1", "已完成"),
    ],
)
def test_a_value_of_its_type_may_stand_in_the_field(field: str, value: str) -> None:
    assert obeys(field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", "一" * 21),
        ("thing1", "两\n行"),
        ("character_string3", "三号"),
        ("character_string3", "9" * 33),
        ("number1", "12元"),
        ("letter1", "A1"),
        ("symbol1", "!!!!!!"),
        ("time2", "上午八点"),
        ("time2", "24:00"),
        ("time2", "2026年03月02日"),
        ("date1", "2026年13月02日"),
        ("date1", "2026-03/02"),
        ("date1", "08:30"),
        ("amount1", "¥¥12"),
        ("amount1", "12345678901"),
        ("phone_number1", "1" * 18),
        ("car_number1", "京A1234567"),
        ("name1", "一二三四五六七八九十一"),
        ("name1", "x" * 21),
        ("phrase1", "已完成检查了"),
        ("phrase1", "OK"),
    ],
)
def test_a_value_of_another_type_may_not(field: str, value: str) -> None:
    assert not obeys(field, value)
