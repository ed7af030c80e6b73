"""The phone in a real browser: by keyboard alone, at 390 px, with its strict policy in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.sandbox.libraries import Cashier
from tests.sandbox.outside import Answer, Sandbox, Stranger
from tests.sandbox.test_messages import send
from tests.sandbox.test_phone import NUMBER, phone_url, sheet_url

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "sandbox"


@pytest.fixture
def page(sandbox: Sandbox) -> Iterator[Page]:
    """A phone-sized window of a browser that has entered."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{sandbox.url}/phone/enter?key={sandbox.credentials.phone_secret}")
        yield page
        browser.close()


def barriers(page: Page, shot: str) -> list[str]:
    """What axe finds, and whether the page is wider than the phone."""
    page.screenshot(path=SHOTS / f"{shot}.png", full_page=True)
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the phone")
    return found


def test_a_person_is_chosen_and_pays_by_keyboard_alone(
    sandbox: Sandbox, product: Stranger, page: Page
) -> None:
    cashier = Cashier(sandbox, product)
    assert barriers(page, "people") == []
    page.keyboard.press("Tab")  # past the skip link
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(phone_url(sandbox))
    page.goto(f"{product.url}/m/pay")  # the sheet is asked for from a page of the product
    page.evaluate("address => { location.href = address }", sheet_url(cashier))
    page.wait_for_url(f"{sandbox.url}/phone/pay?*")
    assert barriers(page, "pay") == []

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(f"{product.url}/m/paid")
    assert cashier.query(NUMBER)[1]["trade_state"] == "SUCCESS"


def test_the_shell_opens_the_product_across_the_policy_of_the_page(
    sandbox: Sandbox, product: Stranger, page: Page
) -> None:
    product.answers["/api/v1/login/wechat"] = Answer(200, {"token": "t-1"})
    product.answers["/api/v1/me/web-tickets"] = Answer(201, {"ticket": "once"})
    send(sandbox)
    page.goto(phone_url(sandbox))
    assert barriers(page, "phone") == []

    page.get_by_role("button", name="打开小程序").click()

    page.wait_for_url(f"{product.url}/m/enter?ticket=once&next=%2Fm%2F")


def test_a_credit_is_gained_with_one_tap(sandbox: Sandbox, product: Stranger, page: Page) -> None:
    product.answers["/api/v1/login/wechat"] = Answer(200, {"token": "t-1"})
    page.goto(phone_url(sandbox))

    page.get_by_role("button", name="接收 就诊提醒").click()

    page.get_by_role("status").wait_for()
    assert page.get_by_role("status").inner_text() == "已接收：可收到一条这样的消息。"
    assert barriers(page, "accepted") == []
