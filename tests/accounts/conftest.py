"""WeChat's stand-in, running, and a hospital whose mini-program it knows."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from hospitals.models import MiniProgram
from sandbox.keys import make_keys
from tests import make
from tests.sandbox.outside import Sandbox


@pytest.fixture(scope="session")
def wechat_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, made once: RSA takes its time."""
    home = tmp_path_factory.mktemp("wechat-keys")
    make_keys(home=home, port=8790, product="http://127.0.0.1:9")
    return home


@pytest.fixture
def wechat(wechat_home: Path, tmp_path: Path, settings: Settings) -> Iterator[Sandbox]:
    """A running WeChat to which the settings point."""
    home = tmp_path / "wechat"
    shutil.copytree(wechat_home, home)
    server = Sandbox(home, "http://127.0.0.1:9")
    settings.WECHAT_API_URL = server.url
    yield server
    server.stop()


@pytest.fixture
def mini_program(wechat: Sandbox) -> MiniProgram:
    """A hospital's mini-program at this WeChat."""
    app = wechat.credentials.apps[0]
    return MiniProgram.objects.create(
        hospital=make.hospital(), app_id=app.app_id, secret=app.secret
    )


@pytest.fixture
def code(wechat: Sandbox) -> str:
    """What wx.login gives on the first person's phone."""
    return login_code(wechat)


def login_code(wechat: Sandbox, person: int = 0) -> str:
    """What wx.login gives on somebody's phone."""
    openid = wechat.credentials.people[person].openid
    return str(wechat.control("codes", {"openid": openid})["js_code"])
