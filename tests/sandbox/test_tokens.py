"""Access tokens: two pools, changeover, forced refresh."""

from typing import Any

import pytest
import requests

from tests.sandbox.outside import Sandbox


def legacy(sandbox: Sandbox, **changes: str) -> dict[str, Any]:
    app = sandbox.credentials.apps[0]
    query = {"grant_type": "client_credential", "appid": app.app_id, "secret": app.secret}
    url = f"{sandbox.url}/cgi-bin/token"
    answer: dict[str, Any] = requests.get(url, params={**query, **changes}, timeout=5).json()
    return answer


def stable(sandbox: Sandbox, **changes: object) -> dict[str, Any]:
    app = sandbox.credentials.apps[0]
    body = {"grant_type": "client_credential", "appid": app.app_id, "secret": app.secret}
    url = f"{sandbox.url}/cgi-bin/stable_token"
    answer: dict[str, Any] = requests.post(url, json={**body, **changes}, timeout=5).json()
    return answer


def errcode_with(sandbox: Sandbox, token: str) -> int:
    """40003 means: the token was taken, the empty openid was not."""
    url = f"{sandbox.url}/cgi-bin/message/subscribe/send"
    answer = requests.post(url, params={"access_token": token}, json={}, timeout=5).json()
    return int(answer["errcode"])


def test_the_stable_token_stays_the_same_while_it_is_good(sandbox: Sandbox) -> None:
    first = stable(sandbox)
    sandbox.real.ahead_seconds = 6000

    second = stable(sandbox)

    assert first["expires_in"] == 7200
    assert second["access_token"] == first["access_token"]
    assert 1190 <= second["expires_in"] <= 1200


def test_in_its_last_five_minutes_the_stable_token_has_a_successor_and_both_work(
    sandbox: Sandbox,
) -> None:
    first = stable(sandbox)
    sandbox.real.ahead_seconds = 7000

    second = stable(sandbox)

    assert second["access_token"] != first["access_token"]
    assert errcode_with(sandbox, first["access_token"]) == 40003
    assert errcode_with(sandbox, second["access_token"]) == 40003


def test_an_expired_token_is_told_apart(sandbox: Sandbox) -> None:
    token = stable(sandbox)["access_token"]
    sandbox.real.ahead_seconds = 7201

    assert errcode_with(sandbox, token) == 42001


def test_a_forced_refresh_kills_the_old_token_but_not_twice_in_thirty_seconds(
    sandbox: Sandbox,
) -> None:
    first = stable(sandbox)["access_token"]

    second = stable(sandbox, force_refresh=True)["access_token"]
    third = stable(sandbox, force_refresh=True)["access_token"]

    assert errcode_with(sandbox, first) == 40001
    assert third == second
    assert errcode_with(sandbox, second) == 40003


def test_a_legacy_token_retires_the_one_before_after_five_minutes(sandbox: Sandbox) -> None:
    first = legacy(sandbox)["access_token"]
    legacy(sandbox)

    assert errcode_with(sandbox, first) == 40003
    sandbox.real.ahead_seconds = 301
    assert errcode_with(sandbox, first) == 40001


def test_the_two_pools_know_nothing_of_each_other(sandbox: Sandbox) -> None:
    from_stable = stable(sandbox)["access_token"]
    legacy(sandbox)
    legacy(sandbox)
    sandbox.real.ahead_seconds = 600

    assert errcode_with(sandbox, from_stable) == 40003


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"secret": "wrong"}, 40001),
        ({"grant_type": "x"}, 40002),
        ({"appid": "wx0000000000000000"}, 40013),
    ],
)
def test_each_wrong_parameter_of_a_token_has_its_errcode(
    sandbox: Sandbox, changes: dict[str, str], errcode: int
) -> None:
    assert legacy(sandbox, **changes)["errcode"] == errcode
    assert stable(sandbox, **changes)["errcode"] == errcode


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("short", 40014), ("x" * 136, 40001)])
def test_a_token_nobody_gave_out_is_refused(sandbox: Sandbox, token: str, errcode: int) -> None:
    assert errcode_with(sandbox, token) == errcode


def test_stable_token_is_not_for_get(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/cgi-bin/stable_token", timeout=5).status_code == 405


def test_a_fault_calls_a_good_token_stale_once(sandbox: Sandbox) -> None:
    token = stable(sandbox)["access_token"]
    sandbox.fault("token_invalid_40001")

    assert errcode_with(sandbox, token) == 40001
    assert errcode_with(sandbox, token) == 40003
