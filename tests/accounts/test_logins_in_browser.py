"""One's own logins, seen and ended on a phone's, a tablet's and a desk's screen."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.sign_in import issue_token
from accounts.actions.ticket import make_ticket
from accounts.models import Account, OneTimeTicket, PageSession, Token
from tests import make
from tests.looking import look
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(chromium: Browser) -> Iterator[Page]:
    """A browser's window."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def other_phone(account: Account) -> Token:
    """The same person's WeChat on another phone."""
    issue_token(account=account, system="android")
    return Token.objects.get(user=account)


def test_somebody_ends_a_phone_they_lost(screen: Page, live_server: LiveServer) -> None:
    make.hospital(code="demo", name="示范医院")
    account = make.account()
    lost = other_phone(account)
    ticket = make_ticket(account=account, use=OneTimeTicket.Use.WEB).ticket
    screen.goto(f"{live_server.url}/m/enter?ticket={ticket}&next=/m/demo/me/")
    screen.get_by_role("link", name="登录设备").click()
    screen.get_by_text("安卓设备").wait_for()
    found = look(screen, "phone-logins")

    screen.get_by_role("button", name="退出 微信小程序").click()
    screen.get_by_text("已经退出").wait_for()

    assert found == []
    assert not Token.objects.filter(pk=lost.pk).exists()
    assert screen.get_by_text("本机").count() == 1


def test_staff_end_every_other_browser(screen: Page, live_server: LiveServer) -> None:
    nurse = make.staff(hospital=make.hospital(code="demo", name="示范医院"))
    Client().force_login(nurse.account)
    Client().force_login(nurse.account)
    screen.goto(f"{live_server.url}/staff/sign-in/")
    screen.get_by_label("账号").fill(nurse.account.username or "")
    screen.get_by_label("密码").fill(PASSWORD)
    screen.get_by_role("button", name="登录").click()
    screen.get_by_role("link", name="我的登录").click()
    screen.get_by_text("本机").first.wait_for()
    found = look(screen, "staff-logins")

    screen.get_by_role("button", name="退出其他全部登录").click()
    screen.get_by_text("已经退出其他登录").wait_for()

    assert found == []
    assert PageSession.objects.filter(account=nurse.account).count() == 1
