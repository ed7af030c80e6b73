"""The inbox on a phone and the tasks on a desk, in Debian's Chromium: axe clean and usable."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Account, Staff
from common import clock
from notifications.actions.open_task import SERVICE_CENTRE
from notifications.actions.promise import promise_message
from notifications.models import Message, Task
from patients.models import Grant, Patient
from tests import make
from tests.notifications.phones import facts, register_words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = Path(settings.VAR_DIR) / "screenshots"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def opened(chromium: Browser, address: str, *, who: Account | Staff, width: int) -> Page:
    """A page of somebody who is signed in."""
    session = make.signed_in_client(who).cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": width, "height": 844}, base_url=address)
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return context.new_page()


def troubles(screen: Page) -> list[str]:
    """What axe finds."""
    return [found["id"] for found in Axe().run(screen, options=RULES).response["violations"]]


def told_patient(owner: Account) -> Patient:
    """A patient of whom something was told, in a name and words that are not plain."""
    register_words()
    facts["department"] = "㛃𬱖病与呼吸危重症联合门诊"
    patient = make.patient(account=owner, name="欧阳𬱖")
    make.template(hospital=patient.hospital)
    promise_message(template="told", patient=patient, about=patient)
    return patient


@pytest.mark.parametrize("step", ["1", "3"])
def test_a_message_is_read_on_the_phone(
    chromium: Browser, live_server: LiveServer, step: str
) -> None:
    owner = make.account()
    patient = told_patient(owner)
    screen = opened(chromium, live_server.url, who=owner, width=390)
    screen.context.add_cookies([{"name": "text_step", "value": step, "url": live_server.url}])
    screen.goto(f"/m/{patient.hospital.code}/messages/")
    assert troubles(screen) == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= 390
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    screen.screenshot(path=SCREENSHOTS / f"inbox-{step}.png")

    screen.get_by_role("button", name="知道了").click()

    screen.wait_for_load_state()
    assert screen.get_by_text("未读", exact=True).count() == 0
    assert Message.objects.get().read_at == clock.now()
    screen.context.close()


@pytest.mark.parametrize("width", [390, 1024])
def test_a_task_is_finished_at_the_desk(
    chromium: Browser, live_server: LiveServer, width: int
) -> None:
    patient = told_patient(make.account())
    Grant.objects.filter(patient=patient).update(ended_at=clock.now())
    promise_message(template="told", patient=patient, about=patient, key="2")
    clerk = make.staff(hospital=patient.hospital, role=SERVICE_CENTRE)
    screen = opened(chromium, live_server.url, who=clerk, width=width)
    screen.goto(f"/staff/{patient.hospital.code}/tasks/")
    assert troubles(screen) == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    screen.screenshot(path=SCREENSHOTS / f"tasks-{width}.png")

    screen.get_by_label("怎样完成的").fill("08:05 与患者女儿通话，已知晓")
    screen.get_by_role("button", name="完成").click()

    screen.wait_for_load_state()
    assert screen.get_by_text("没有待办任务").is_visible()
    assert Task.objects.get().evidence == "08:05 与患者女儿通话，已知晓"
    screen.context.close()
