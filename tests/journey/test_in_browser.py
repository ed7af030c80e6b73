"""The home page as it is seen, and the way from a visit to its paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import Account
from patients.models import Relation
from queueing.actions.call import call_next
from queueing.models import Ticket
from tests import make
from tests.make import queueing as at_queue
from tests.papers.conftest import seal, seal_folder
from tests.queueing.test_in_browser import HEIGHTS, SCREENSHOTS, WCAG, Screens

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["seal", "seal_folder"]


def look(page: Page, name: str) -> list[str]:
    """What axe complains about, and whether the page scrolls sideways; kept as a picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    size = page.viewport_size or {"width": 390, "height": 844}
    page.set_viewport_size({"width": size["width"], "height": 3000})  # the dock covers nothing
    violations = Axe().run(page, options=WCAG).response["violations"]
    page.set_viewport_size(size)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
    return [*found, "scrolls sideways"] if wide > 0 else found


def full_day(account: Account) -> tuple[str, Ticket]:
    """The address of a home page with a day, a family and something to pay; and the ticket."""
    hospital = make.hospital(code="demo", name="临江市第一人民医院")
    patient = make.patient(hospital=hospital, account=account, name="欧阳𬱖")
    make.patient(hospital=hospital, account=account, name="欧阳㛃", relation=Relation.FAMILY)
    slot = at_queue.clinic_today(hospital=hospital)
    appointment = at_queue.booked(slot, patient=patient, account=account)
    ticket = at_queue.arrived(slot, appointment=appointment)
    make.appointment(slot=make.slot(hospital=hospital), patient=patient, account=account)
    return f"/m/{hospital.code}/", ticket


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_the_home_page_can_be_read_at_every_width(screens: Screens, width: int) -> None:
    account = make.account()
    address, _ = full_day(account)
    page = screens.of(account, width=width)

    page.goto(address)

    expect(page.get_by_role("heading", name="欧阳𬱖 的今天")).to_be_visible()
    assert look(page, f"home-{width}") == []


def test_a_newcomers_home_page_leads_to_registering(screens: Screens) -> None:
    make.hospital(code="demo", name="临江市第一人民医院")
    page = screens.of(make.account(), width=390)
    page.goto("/m/demo/")
    complaints = look(page, "home-newcomer")

    page.get_by_role("link", name="去登记").click()

    expect(page.get_by_role("heading", name="添加就诊人")).to_be_visible()
    assert complaints == []


def test_a_call_appears_on_the_home_page_by_itself(screens: Screens) -> None:
    account = make.account()
    address, ticket = full_day(account)
    slot = ticket.appointment.slot
    page = screens.of(account, width=390)
    page.goto(address)
    live = page.locator("[data-live-stream]")
    expect(live).to_have_attribute("data-live-state", "live")
    make.appointment(slot=make.slot(hospital=ticket.hospital, fee_fen=1234), patient=ticket.patient)

    call_next(queue_id=ticket.queue_id, staff=at_queue.doctor_of(slot))

    expect(live.get_by_text("待缴费用 2 项")).to_be_visible()


def test_a_visits_record_is_issued_and_kept_as_a_file(screens: Screens) -> None:
    account = make.account()
    address, ticket = full_day(account)
    page = screens.of(account, width=390)
    page.goto(address)
    page.get_by_role("link", name="就诊记录").click()
    complaints = look(page, "visits")
    page.get_by_role("link", name=ticket.queue.session.department.name).click()
    complaints += look(page, "visit")
    page.get_by_role("button", name="出具就诊记录 (PDF)").click()
    expect(page.get_by_text("就诊记录已出具")).to_be_visible()
    complaints += look(page, "visit-issued")

    with page.expect_download() as begun:
        page.get_by_role("link", name="下载 PDF").click()

    assert begun.value.path().read_bytes().startswith(b"%PDF")
    assert complaints == []
