"""An administrator binds an authenticator and looks after staff, at three widths."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.codes import code_at
from accounts.models import Role, SecondFactor, Staff
from common import clock
from tests import make
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (390, 1024, 1920)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


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


def look(page: Page, name: str) -> list[str]:
    """What axe complains about at each width, and what is wider than the screen."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    complaints = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"staff-{name}-{width}.png", full_page=True)
        found = Axe().run(page, options=WCAG).response["violations"]
        complaints += [f"{name} {width} {one['id']}: {one['nodes'][0]['html']}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{name} {width}: scrolls sideways")
    page.set_viewport_size({"width": 1024, "height": 900})
    return complaints


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
