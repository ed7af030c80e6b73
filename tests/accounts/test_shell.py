"""The mini-program's shell, played by the sandbox's phone, opens our pages as a person."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import WeChatIdentity
from hospitals.models import MiniProgram
from tests import make
from tests.sandbox.outside import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(
    wechat_home: Path, tmp_path: Path, settings: Settings, live_server: LiveServer
) -> Iterator[Sandbox]:
    """A WeChat whose phone opens the product that is running here."""
    home = tmp_path / "phone"
    shutil.copytree(wechat_home, home)
    server = Sandbox(home, live_server.url)
    settings.WECHAT_API_URL = server.url
    yield server
    server.stop()


def open_app(browser: requests.Session, phone: Sandbox, *, person: int) -> requests.Response:
    """The page a person sees after tapping the hospital's mini-program."""
    openid = phone.credentials.people[person].openid
    return browser.post(
        f"{phone.url}/phone/people/{openid}/open",
        data={"page": "/m/demo/me/"},
        headers={"X-Sandbox-Secret": phone.credentials.phone_secret},
        timeout=10,
    )


def test_a_tap_on_the_mini_program_opens_ones_own_page(phone: Sandbox) -> None:
    app = phone.credentials.apps[0]
    hospital = make.hospital(code="demo", name="示范医院")
    MiniProgram.objects.create(hospital=hospital, app_id=app.app_id, secret=app.secret)

    first = open_app(requests.Session(), phone, person=0)
    again = open_app(requests.Session(), phone, person=0)
    other = open_app(requests.Session(), phone, person=1)

    assert [one.status_code for one in (first, again, other)] == [200] * 3
    assert "添加就诊人" in first.text
    assert WeChatIdentity.objects.count() == 2
