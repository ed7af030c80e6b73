"""Registering with any kind of document, and the counter that sees the original, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.ticket import make_ticket
from accounts.models import OneTimeTicket, Role
from patients.models import Patient
from tests import make
from tests.looking import look
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(chromium: Browser) -> Iterator[Page]:
    """A page of its own."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def test_a_passport_asks_for_more_and_leads_on(screen: Page, live_server: LiveServer) -> None:
    make.hospital(code="demo", name="示范医院")
    ticket = make_ticket(account=make.account(), use=OneTimeTicket.Use.WEB).ticket
    screen.goto(f"{live_server.url}/m/enter?ticket={ticket}&next=/m/demo/me/")
    screen.get_by_label("证件类型").select_option("passport")
    screen.get_by_label("国籍").wait_for()
    complaints = look(screen, "me-passport")

    screen.get_by_label("姓名").fill("Tanaka Hanako")
    screen.get_by_label("护照号码").fill("TK1234567")
    screen.get_by_label("国籍").select_option("JPN")
    screen.get_by_label("出生日期").fill("1988-02-25")
    screen.get_by_label("女").check()
    screen.get_by_label("手机号").fill("13800138000")
    screen.get_by_role("button", name="添加").click()
    screen.get_by_role("link", name="去预约挂号").wait_for()

    assert complaints + look(screen, "me-registered") == []


def test_the_counter_confirms_an_original(screen: Page, live_server: LiveServer) -> None:
    patient = make.patient(name="欧阳静", is_verified=False)
    clerk = make.staff(hospital=patient.hospital, role=Role.BOOKING_OFFICE)
    url = f"{live_server.url}/staff/{patient.hospital.code}/identity/"
    screen.goto(url)
    screen.get_by_label("账号").fill(clerk.account.get_username())
    screen.get_by_label("密码").fill(PASSWORD)
    screen.get_by_role("button", name="登录").click()
    screen.get_by_label("证件号码").fill(patient.document_number)
    screen.get_by_role("button", name="查找").click()
    screen.get_by_role("heading", name="欧阳静").wait_for()
    for summary in screen.locator("summary").all():
        summary.click()
    complaints = look(screen, "identity")

    screen.get_by_role("button", name="已看原件").click()
    screen.get_by_text("已核验。").wait_for()

    assert complaints == []
    assert Patient.objects.get(pk=patient.pk).is_verified
