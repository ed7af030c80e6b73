"""Login codes and phone numbers, through wechatpy and by hand."""

from typing import Any

import pytest
import requests
from wechatpy.exceptions import WeChatClientException

from tests.sandbox.libraries import wechat_client
from tests.sandbox.outside import Sandbox


def ask_session(sandbox: Sandbox, **changes: str) -> dict[str, Any]:
    app = sandbox.credentials.apps[0]
    query = {
        "appid": app.app_id,
        "secret": app.secret,
        "js_code": login_code(sandbox),
        "grant_type": "authorization_code",
        **changes,
    }
    url = f"{sandbox.url}/sns/jscode2session"
    answer: dict[str, Any] = requests.get(url, params=query, timeout=5).json()
    return answer


def login_code(sandbox: Sandbox) -> str:
    person = sandbox.credentials.people[0]
    return str(sandbox.control("codes", {"openid": person.openid})["js_code"])


def access_token(sandbox: Sandbox) -> str:
    app = sandbox.credentials.apps[0]
    body = {"grant_type": "client_credential", "appid": app.app_id, "secret": app.secret}
    answer = requests.post(f"{sandbox.url}/cgi-bin/stable_token", json=body, timeout=5).json()
    return str(answer["access_token"])


def ask_phone(sandbox: Sandbox, code: str) -> dict[str, Any]:
    url = f"{sandbox.url}/wxa/business/getuserphonenumber"
    query = {"access_token": access_token(sandbox)}
    answer: dict[str, Any] = requests.post(url, params=query, json={"code": code}, timeout=5).json()
    return answer


def test_wechatpy_learns_whose_phone_a_code_came_from(sandbox: Sandbox) -> None:
    session = wechat_client(sandbox).wxa.code_to_session(login_code(sandbox))

    assert session["openid"] == sandbox.credentials.people[0].openid
    assert len(session["session_key"]) == 24
    assert "errcode" not in session


def test_a_code_logs_in_once_only(sandbox: Sandbox) -> None:
    client = wechat_client(sandbox)
    code = login_code(sandbox)
    client.wxa.code_to_session(code)

    with pytest.raises(WeChatClientException) as refusal:
        client.wxa.code_to_session(code)

    assert refusal.value.errcode == 40163


def test_a_code_is_worth_nothing_after_five_minutes(sandbox: Sandbox) -> None:
    code = login_code(sandbox)
    sandbox.real.ahead_seconds = 301

    assert ask_session(sandbox, js_code=code)["errcode"] == 40029


def test_a_code_does_not_age_on_the_shown_clock(sandbox: Sandbox) -> None:
    code = login_code(sandbox)
    sandbox.show_time(24 * 3600)

    assert "openid" in ask_session(sandbox, js_code=code)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"js_code": ""}, 41008),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"js_code": "made up"}, 40029),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_each_wrong_parameter_has_its_errcode_and_a_request_id(
    sandbox: Sandbox, changes: dict[str, str], errcode: int
) -> None:
    answer = ask_session(sandbox, **changes)

    assert answer["errcode"] == errcode
    assert " rid: " in answer["errmsg"]


def test_the_phone_number_comes_from_its_own_code_once(sandbox: Sandbox) -> None:
    person = sandbox.credentials.people[0]
    code = sandbox.control("phone-codes", {"openid": person.openid})["code"]

    first, second = ask_phone(sandbox, code), ask_phone(sandbox, code)

    assert first["phone_info"]["purePhoneNumber"] == person.phone
    assert first["phone_info"]["watermark"]["appid"] == sandbox.credentials.apps[0].app_id
    assert second["errcode"] == 40029
    assert "invalid code hint: [" in second["errmsg"]


def test_a_login_code_gives_no_phone_number(sandbox: Sandbox) -> None:
    assert ask_phone(sandbox, login_code(sandbox))["errcode"] == 40029
