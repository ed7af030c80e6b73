"""The doors, clicked through on a phone's screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.ticket import make_ticket
from accounts.models import OneTimeTicket
from hospitals.models import Hospital
from tests import make
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone's web view."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


@pytest.fixture
def hospital() -> Hospital:
    """The only one."""
    return make.hospital(code="demo", name="示范医院")


def look(page: Page, name: str) -> list[str]:
    """What axe complains about; the screen is kept as a picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 2400})  # the dock covers nothing it must see
    violations = Axe().run(page, options=WCAG).response["violations"]
    page.set_viewport_size({"width": 390, "height": 844})
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]


def test_somebody_enters_and_registers(
    phone: Page, live_server: LiveServer, hospital: Hospital
) -> None:
    ticket = make_ticket(account=make.account(), use=OneTimeTicket.Use.WEB).ticket
    phone.goto(f"{live_server.url}/m/enter?ticket={ticket}&next=/m/demo/me/")
    phone.get_by_label("姓名").fill("欧阳𬱖")
    phone.get_by_label("身份证号").fill("110105194912310021")
    phone.get_by_label("手机号").fill("13800138000")
    phone.get_by_role("button", name="添加").click()
    phone.get_by_role("alert").wait_for()
    complaints = look(phone, "me-refused")

    phone.get_by_label("身份证号").fill("11010519491231002x")
    phone.get_by_role("button", name="添加").click()
    phone.get_by_text("110***********002X").wait_for()

    assert complaints == []
    assert look(phone, "me") == []
    assert phone.get_by_text("欧阳𬱖").is_visible()


def test_staff_sign_in_and_out(phone: Page, live_server: LiveServer, hospital: Hospital) -> None:
    doctor = make.staff(hospital=hospital)
    phone.goto(f"{live_server.url}/")
    complaints = look(phone, "first")
    phone.get_by_role("link", name="医院职工登录").click()
    phone.get_by_label("账号").fill(doctor.account.username or "")
    phone.get_by_label("密码").fill(PASSWORD)
    complaints += look(phone, "sign-in")
    phone.get_by_role("button", name="登录").click()
    phone.get_by_role("heading", name="工作台").wait_for()
    complaints += look(phone, "staff-home")

    phone.get_by_role("button", name="退出").click()
    phone.get_by_role("heading", name="医院职工登录").wait_for()

    assert complaints == []
