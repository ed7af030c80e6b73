"""What is due is paid by tapping: our list, the payment sheet, our result."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from payments import gateway
from payments.models import Charge
from tests import make
from tests.payments.till import Till
from tests.sandbox.outside import Sandbox, Stranger

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def till(
    keys_home: Path,
    product: Stranger,
    tmp_path: Path,
    live_server: LiveServer,
    settings: Settings,
) -> Iterator[Till]:
    """A till whose sandbox knows the live server as the product."""
    home = tmp_path / "sandbox"
    shutil.copytree(keys_home, home)
    host = live_server.url.replace("localhost", "127.0.0.1")  # one site, as the phone has it
    sandbox = Sandbox(home, host)
    settings.WECHAT_PAY_URL, settings.PUBLIC_URL = sandbox.url, host
    settings.SHELL_PAY_URL = f"{sandbox.url}/phone/pay"
    gateway.forget_clients()
    yield Till(sandbox, product)
    sandbox.stop()


@pytest.fixture
def phone(till: Till, settings: Settings) -> Iterator[Page]:
    """The payer's phone."""
    session = make.signed_in_client(till.account).cookies["sessionid"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, base_url=settings.PUBLIC_URL
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": settings.PUBLIC_URL}])
        page = context.new_page()
        secret = till.sandbox.credentials.phone_secret
        page.goto(f"{till.sandbox.url}/phone/enter?key={secret}")
        page.set_default_timeout(8_000)
        yield page
        browser.close()


def look(page: Page, name: str) -> list[str]:
    """What axe complains about; the screen is kept as a picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"payments-{name}.png", full_page=True)
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]


def test_what_is_due_is_paid_by_tapping(till: Till, phone: Page) -> None:
    charge = till.charge(amount_fen=5000)

    phone.goto(f"/m/{till.hospital.code}/due/")
    complaints = look(phone, "due")
    phone.get_by_role("button", name="支付").click()
    phone.get_by_role("link", name="微信支付").wait_for()
    complaints += look(phone, "pay")
    phone.get_by_role("link", name="微信支付").click()
    phone.locator("button[value=pay]").click()
    phone.get_by_text("支付成功").wait_for()
    complaints += look(phone, "paid")

    charge.refresh_from_db()
    assert complaints == []
    assert charge.status == Charge.Status.PAID
