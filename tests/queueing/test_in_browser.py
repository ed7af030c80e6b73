"""A call on the doctor's page is seen on the wall and the phone, which nobody reloads."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from rest_framework.test import APIClient

from accounts.models import Account, Staff
from booking.models import Slot
from queueing.models import Ticket
from tests import make
from tests.make import queueing as at_queue
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATIENCE_MS = 10_000
HEIGHTS = {390: 844, 1024: 768, 1920: 1080}


@pytest.fixture
def host() -> Iterator[str]:
    """A server of the product, with its websockets."""
    with serving() as address:
        yield f"http://{address}"


class Screens:
    """Pages of several people, each in a browser of their own."""

    def __init__(self, browser: Browser, host: str) -> None:
        self.browser, self.host = browser, host
        self.complaints: list[str] = []

    def of(self, who: Account | Staff, *, width: int) -> Page:
        """A signed-in screen of this width."""
        client: APIClient = make.signed_in_client(who)
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]}, base_url=self.host
        )
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.host}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
def screens(chromium: Browser, host: str) -> Iterator[Screens]:
    """Screens that complain about nothing."""
    made = Screens(chromium, host)
    yield made
    for context in chromium.contexts:
        context.close()
    assert made.complaints == []


def look(page: Page, name: str, *, width: int) -> list[str]:
    """What axe complains about at a width; the screen is kept as a picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        return [f"{name} at {width} scrolls sideways"]
    page.set_viewport_size({"width": width, "height": 2400})
    violations = Axe().run(page, options=WCAG).response["violations"]
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    return [f"{name} {one['id']}: {one['nodes'][0]['html']}" for one in violations]


def clinic(host: str) -> tuple[Slot, Account]:
    """Three people wait; the first of them has a phone."""
    slot = at_queue.clinic_today(places=8)
    account = make.account()
    first = at_queue.booked(slot, account=account, name="王建国")
    at_queue.arrived(slot, appointment=first)
    for name in ("欧阳静", "陈晓梅", "𬱖㛃"):
        at_queue.arrived(slot, appointment=at_queue.booked(slot, name=name))
    return slot, account


def is_live(page: Page, part: str) -> None:
    """The part hears its stream; it is marked, so that a reload would show."""
    expect(page.locator(f"#{part}[data-live-state='live']")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("body").evaluate("body => { body.dataset.kept = 'yes' }")


def test_a_call_reaches_wall_and_phone_without_a_reload(screens: Screens, host: str) -> None:
    slot, account = clinic(host)
    code = slot.hospital.code
    doctor = screens.of(at_queue.doctor_of(slot), width=1024)
    wall = screens.of(at_queue.triage_of(slot.hospital), width=1920)
    phone = screens.of(account, width=390)
    doctor.goto(f"/staff/{code}/rooms/")
    doctor.get_by_role("link", name="叫号").last.click()
    wall.goto(f"/wall/{code}/{slot.session.room_id}/")
    phone.goto(f"/m/{code}/visits/today/")
    for page, part in ((doctor, "queue"), (wall, "wall"), (phone, "today")):
        is_live(page, part)
    expect(phone.get_by_text("就是您")).to_be_visible()
    complaints = look(doctor, "queue-room-free", width=1024)

    doctor.get_by_role("button", name="呼叫下一位").click()

    expect(wall.locator(".wall-ticket")).to_have_text("A001")
    expect(wall.locator(".wall-person")).to_have_text("王**")
    expect(phone.get_by_role("heading", name="请到301诊室")).to_be_visible()
    expect(doctor.get_by_text("王建国")).to_be_visible()
    for width in (390, 1024, 1920):
        complaints += look(doctor, "queue-room", width=width)
        complaints += look(wall, "queue-wall", width=width)
    complaints += look(phone, "queue-today", width=390)
    assert all(page.locator("body[data-kept='yes']").count() for page in (doctor, wall, phone))
    assert complaints == []


def test_the_doctor_works_by_keyboard_and_the_next_is_called(screens: Screens, host: str) -> None:
    slot, _ = clinic(host)
    code = slot.hospital.code
    doctor = screens.of(at_queue.doctor_of(slot), width=1024)
    wall = screens.of(at_queue.triage_of(slot.hospital), width=1920)
    doctor.goto(f"/staff/{code}/queues/{slot.session_id}/")
    wall.goto(f"/wall/{code}/{slot.session_id}/")
    is_live(wall, "wall")

    for name in ("呼叫下一位", "过号", "呼叫下一位", "重呼", "开始就诊", "结束就诊", "呼叫下一位"):
        button = doctor.get_by_role("button", name=name, exact=True)
        button.focus()
        with doctor.expect_response(lambda answer: answer.request.method == "POST"):
            button.press("Enter")
        doctor.wait_for_load_state("networkidle")  # the live part follows each act

    expect(wall.locator(".wall-ticket")).to_have_text("A003")
    assert [ticket.status for ticket in Ticket.objects.order_by("number")] == [
        "missed",
        "done",
        "called",
        "waiting",
    ]


def test_a_wall_that_was_away_shows_the_call_it_missed(screens: Screens, host: str) -> None:
    slot, _ = clinic(host)
    wall = screens.of(at_queue.triage_of(slot.hospital), width=1920)
    wall.goto(f"/wall/{slot.hospital.code}/{slot.session_id}/")
    is_live(wall, "wall")
    wall.locator("#wall").evaluate(
        "part => part.addEventListener('live', event => {"
        " part.dataset.heard = (part.dataset.heard || '') + ' ' + event.detail.data.ticket })"
    )
    doctor = make.signed_in_client(at_queue.doctor_of(slot))
    url = f"/staff/{slot.hospital.code}/queues/{slot.session_id}/"
    wall.context.set_offline(True)
    wall.locator("body").evaluate("() => { window.dispatchEvent(new Event('offline')) }")

    doctor.post(url, {"act": "call", "idempotency_key": str(uuid4())}, format="multipart")
    wall.context.set_offline(False)

    expect(wall.locator(".wall-ticket")).to_have_text("A001")
    expect(wall.locator("#wall")).to_have_attribute("data-heard", " A001")
    screens.complaints.clear()  # a lost network is said on the console


def test_a_patient_checks_in_by_a_tap_and_the_desk_by_document(screens: Screens, host: str) -> None:
    slot = at_queue.clinic_today()
    account, number = make.account(), make.resident_id()
    at_queue.booked(slot, account=account)
    other = make.patient(hospital=slot.hospital, document_number=number, name="欧阳静")
    at_queue.booked(slot, patient=other)
    code = slot.hospital.code
    phone = screens.of(account, width=390)
    desk = screens.of(at_queue.triage_of(slot.hospital), width=1024)
    phone.goto(f"/m/{code}/visits/today/")
    complaints = look(phone, "queue-check-in", width=390)

    phone.get_by_role("button", name="我到了，签到").click()
    expect(phone.get_by_text("A001", exact=True)).to_be_visible()
    desk.goto(f"/staff/{code}/triage/")
    desk.get_by_label("身份证号").fill(number)
    desk.get_by_role("button", name="查找今天的预约").click()
    for width in (390, 1024, 1920):
        complaints += look(desk, "queue-triage", width=width)
    desk.get_by_label("优先事由").select_option("emergency")
    desk.get_by_role("button", name="签到", exact=True).click()
    expect(desk.get_by_text("已签到")).to_be_visible()

    is_live(phone, "today")
    expect(phone.get_by_text("有危急患者优先就诊")).to_be_visible()
    complaints += look(phone, "queue-moved-back", width=390)
    assert complaints == []
    assert Ticket.objects.count() == 2
