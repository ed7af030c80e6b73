"""An administrator binds an authenticator and looks after staff, at three widths."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.codes import code_at
from accounts.models import Role, SecondFactor, Staff
from common import clock
from tests import make
from tests.looking import look
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(chromium: Browser) -> Iterator[Page]:
    """A desk's screen."""
    page = chromium.new_page(viewport={"width": 1024, "height": 900})
    yield page
    page.close()


@pytest.fixture
def admin() -> Staff:
    """The hospital's only one."""
    return make.staff(hospital=make.hospital(code="demo", name="示范医院"), role=Role.ADMINISTRATOR)


def sign_in(page: Page, live_server: LiveServer, staff: Staff) -> None:
    """By password, at the door."""
    page.goto(f"{live_server.url}/staff/sign-in/")
    page.get_by_label("账号").fill(staff.account.username or "")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="工作台").wait_for()


def test_an_administrator_binds_an_authenticator_and_hires_somebody(
    screen: Page, live_server: LiveServer, admin: Staff
) -> None:
    make.department(hospital=admin.hospital)
    sign_in(screen, live_server, admin)
    complaints = look(screen, "home")
    screen.goto(f"{live_server.url}/staff/demo/people/hire/")
    complaints += look(screen, "bind")
    screen.get_by_label("您的密码").fill(PASSWORD)
    screen.get_by_role("button", name="开始绑定").click()
    screen.get_by_role("heading", name="用验证器扫码").wait_for()
    complaints += look(screen, "scan")
    screen.get_by_label("动态口令").fill(
        code_at(SecondFactor.objects.get().secret, clock.real_now())
    )
    screen.get_by_role("button", name="完成绑定").click()
    screen.get_by_role("heading", name="恢复码").wait_for()
    complaints += look(screen, "recovery")
    screen.get_by_role("link", name="已经抄好").click()
    screen.get_by_label("工号").fill("N100")
    screen.get_by_label("姓名").fill("何清")
    screen.get_by_label("岗位").select_option("nurse")
    complaints += look(screen, "hire")
    screen.get_by_role("button", name="办理入职").click()
    screen.get_by_role("heading", name="一次性密码").wait_for()
    complaints += look(screen, "one-time-password")
    screen.get_by_role("link", name="完成").click()
    screen.get_by_role("heading", name="变更记录").wait_for()
    complaints += look(screen, "person")
    screen.get_by_role("link", name="全部人员").click()
    screen.get_by_text("N100 何清").wait_for()
    complaints += look(screen, "people")

    assert complaints == []


def test_the_code_and_the_password_are_asked_for_on_plain_pages(
    screen: Page, live_server: LiveServer, admin: Staff
) -> None:
    make.second_factor(admin)
    sign_in(screen, live_server, admin)
    screen.goto(f"{live_server.url}/staff/demo/people/hire/")
    screen.get_by_label("动态口令").fill("12")
    screen.get_by_role("button", name="继续").click()
    screen.get_by_text("口令不对").first.wait_for()
    complaints = look(screen, "second-factor")
    screen.goto(f"{live_server.url}/staff/password/")
    complaints += look(screen, "password")
    screen.goto(f"{live_server.url}/staff/second-factor/bind/")
    complaints += look(screen, "bound")
    soon = clock.now() + timedelta(days=1)
    Staff.objects.update(password_until=soon)
    screen.goto(f"{live_server.url}/staff/demo/")
    screen.get_by_role("heading", name="设置自己的密码").wait_for()
    complaints += look(screen, "first-password")

    assert complaints == []
