"""wechatpy against a WeChat that misbehaves."""

import pytest
from pytest_django import Settings

from accounts.wechat import (
    MiniProgramClient,
    ProviderRefused,
    ProviderUnreachable,
    WeChatPhone,
    wechat_of,
)
from hospitals.models import MiniProgram
from tests.sandbox.outside import Sandbox

pytestmark = pytest.mark.django_db


def message_fields(wechat: Sandbox) -> dict[str, str]:
    """What the template `report_ready` wants."""
    return {"thing1": "有一份报告可以看了", "time2": "2026年3月2日 08:00"}


@pytest.fixture
def client(mini_program: MiniProgram) -> MiniProgramClient:
    """Ours."""
    return wechat_of(mini_program)


def test_a_login_code_says_whose_phone_it_is(
    client: MiniProgramClient, wechat: Sandbox, code: str
) -> None:
    assert client.session_of_code(code).openid == wechat.credentials.people[0].openid


def test_logging_in_needs_no_access_token(
    client: MiniProgramClient, wechat: Sandbox, code: str
) -> None:
    wechat.fault("http_500", path="/cgi-bin/stable_token", times=None)

    assert client.session_of_code(code).openid


def test_a_code_used_twice_is_refused_with_wechats_own_code(
    client: MiniProgramClient, code: str
) -> None:
    client.session_of_code(code)

    with pytest.raises(ProviderRefused) as refusal:
        client.session_of_code(code)

    assert refusal.value.code == 40163


def test_the_phone_button_gives_a_number(client: MiniProgramClient, wechat: Sandbox) -> None:
    person = wechat.credentials.people[0]
    phone_code = wechat.control("phone-codes", {"openid": person.openid})["code"]

    assert client.phone_of_code(phone_code) == WeChatPhone(person.phone, "86")


def test_a_token_that_died_is_replaced_once_and_the_call_succeeds(
    client: MiniProgramClient, wechat: Sandbox
) -> None:
    person = wechat.credentials.people[0]
    phone_code = wechat.control("phone-codes", {"openid": person.openid})["code"]
    wechat.fault("token_invalid_40001", times=1)

    assert client.phone_of_code(phone_code).number == person.phone


def test_a_token_that_stays_dead_ends_after_one_retry(
    client: MiniProgramClient, wechat: Sandbox
) -> None:
    wechat.fault("token_invalid_40001", times=3)

    with pytest.raises(ProviderRefused) as refusal:
        client.phone_of_code("whatever")

    assert refusal.value.code == 40001
    (left,) = wechat.control("faults")["on"]
    assert left["times"] == 1


def test_processes_share_one_token(
    client: MiniProgramClient, mini_program: MiniProgram, wechat: Sandbox
) -> None:
    token = client.access_token
    wechat.fault("http_500", path="/cgi-bin/stable_token", times=None)

    another_process = MiniProgramClient(mini_program.app_id, mini_program.secret)

    assert another_process.access_token == token


def test_a_message_arrives_on_the_phone(client: MiniProgramClient, wechat: Sandbox) -> None:
    openid, template_id = wechat.credentials.people[0].openid, wechat.template("report_ready")
    wechat.control("subscribe", {"openid": openid, "template_id": template_id})

    told = client.send_subscribe_message(
        openid=openid,
        template_id=template_id,
        fields=message_fields(wechat),
        page="pages/web?path=/m/demo/",
    )

    (message,) = wechat.control("messages")["messages"]
    assert told
    assert message["openid"] == openid


def test_without_consent_a_message_is_refused(client: MiniProgramClient, wechat: Sandbox) -> None:
    with pytest.raises(ProviderRefused) as refusal:
        client.send_subscribe_message(
            openid=wechat.credentials.people[0].openid,
            template_id=wechat.template("report_ready"),
            fields=message_fields(wechat),
        )

    assert refusal.value.code == 43101


def test_an_answer_that_never_comes_may_have_acted(
    client: MiniProgramClient, wechat: Sandbox, code: str
) -> None:
    client.timeout = 0.2
    wechat.fault("slow", seconds=1, moment="after")

    with pytest.raises(ProviderUnreachable) as trouble:
        client.session_of_code(code)

    assert trouble.value.may_have_acted


def test_a_token_call_that_hangs_is_given_up_and_did_nothing(
    client: MiniProgramClient, wechat: Sandbox
) -> None:
    client.timeout = 0.2
    wechat.fault("slow", path="/cgi-bin/stable_token", seconds=1)

    with pytest.raises(ProviderUnreachable) as trouble:
        client.phone_of_code("whatever")

    assert not trouble.value.may_have_acted


def test_a_limit_of_rate_is_for_later_and_did_nothing(
    client: MiniProgramClient, wechat: Sandbox, code: str
) -> None:
    wechat.fault("rate_limited_429")

    with pytest.raises(ProviderUnreachable) as trouble:
        client.session_of_code(code)

    assert not trouble.value.may_have_acted


def test_where_nobody_listens_nothing_was_done_and_no_secret_is_told(
    mini_program: MiniProgram, settings: Settings
) -> None:
    settings.WECHAT_API_URL = "http://127.0.0.1:9"

    with pytest.raises(ProviderUnreachable) as trouble:
        wechat_of(mini_program).session_of_code("a-code")

    assert not trouble.value.may_have_acted
    assert trouble.value.__cause__ is None
    assert mini_program.secret not in str(trouble.value)
