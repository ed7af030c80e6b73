"""The list of what could not be applied, on three screens."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, Staff
from interop.actions.apply import apply_received
from interop.actions.receive import receive_hl7
from interop.models import Received
from tests import make
from tests.interop import reading
from tests.make.accounts import PASSWORD
from tests.make.interop import hl7_sender

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
HEIGHTS = {390: 844, 1024: 768, 1920: 1080}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def clerk() -> Staff:
    """Of the records office; enough has arrived for two pages of the list."""
    hospital = make.hospital(code="demo", name="示范医院")
    sender = hl7_sender(hospital=hospital)
    patient = make.patient(hospital=hospital, name="欧阳𬱖")
    names = ["broken_line", "unknown_status", "oru_final", "orm_cancel", *["orm_new"] * 18]
    for number, name in enumerate(names):
        body = reading.body(name).replace(b"-00", f"-{number:02}".encode())
        receipt = receive_hl7(sender=sender, body=body.replace(b"P000123", patient.number.encode()))
        apply_received(received_id=receipt.received_id)
    return make.staff(hospital=hospital, role=Role.RECORDS_OFFICE)


def complaints(page: Page, name: str) -> list[str]:
    """What axe complains about, and a screen that must be scrolled sideways."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    violations = Axe().run(page, options=WCAG).response["violations"]
    found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["sideways"] if wide else [])]


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_a_clerk_looks_at_a_message_and_sets_it_aside(
    chromium: Browser, live_server: LiveServer, clerk: Staff, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": HEIGHTS[width]})
    page.set_default_timeout(10_000)
    page.goto(f"{live_server.url}/staff/sign-in/?next=/staff/demo/received/")
    page.get_by_label("账号").fill(clerk.account.username or "")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="系统消息").wait_for()
    found = complaints(page, f"received-{width}")

    page.get_by_role("link", name="更早的消息").click()
    page.get_by_role("link", name="有一行不完整").click()
    page.get_by_role("button", name="查看消息").click()
    page.get_by_role("alert").wait_for()
    found += complaints(page, f"received-no-reason-{width}")
    page.get_by_label("核对患者").check()
    page.get_by_role("button", name="查看消息").click()
    page.get_by_role("list", name="消息原文").wait_for()
    found += complaints(page, f"received-message-{width}")
    page.get_by_role("button", name="不处理").click()
    page.get_by_text("这条消息不再处理").wait_for()

    page.close()
    assert found == []
    assert Received.objects.filter(status=Received.Status.DISMISSED).count() == 1
