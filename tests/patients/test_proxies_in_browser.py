"""The family's page, the consents and the desk, looked at in three widths."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.ticket import make_ticket
from accounts.models import Account, OneTimeTicket, Role
from patients.actions.ask_to_act import ask_for_more
from patients.actions.consent import publish_consent_text
from patients.models import ConsentPurpose
from tests import make
from tests.looking import look
from tests.make.accounts import PASSWORD
from tests.patients.test_proxies import Family, granted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(chromium: Browser) -> Iterator[Page]:
    """One window."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def enter(page: Page, live_server: LiveServer, *, account: Account, path: str) -> None:
    ticket = make_ticket(account=account, use=OneTimeTicket.Use.WEB).ticket
    page.goto(f"{live_server.url}/m/enter?ticket={ticket}&next={path}")


def test_the_father_agrees_and_ends_it_with_one_tap(screen: Page, live_server: LiveServer) -> None:
    family = Family()
    granted(family)
    ask_for_more(
        account=family.daughters, patient=family.father, scopes=["book", "queue", "reports"]
    )
    path = f"/m/{family.hospital.code}/me/family/"
    enter(screen, live_server, account=family.fathers, path=path)
    complaints = look(screen, "family")
    screen.get_by_role("button", name="同意", exact=True).click()
    screen.get_by_text("看检查报告和病历").first.wait_for()
    agreed = family.may()

    screen.get_by_role("button", name="停止对方代办").click()
    screen.get_by_text("已经停止").wait_for()

    assert complaints == []
    assert (agreed, family.may()) == (["book", "queue", "reports"], [])


def test_the_daughter_waits_and_the_desk_confirms(screen: Page, live_server: LiveServer) -> None:
    family = Family()
    family.asks("book", "inpatient")
    desk = make.staff(hospital=family.hospital, role=Role.BOOKING_OFFICE)
    path = f"/m/{family.hospital.code}/me/family/"
    enter(screen, live_server, account=family.daughters, path=path)
    complaints = look(screen, "family-asked")

    screen.goto(f"{live_server.url}/staff/sign-in/?next=/staff/{family.hospital.code}/proxies/")
    screen.get_by_label("账号").fill(desk.account.username or "")
    screen.get_by_label("密码").fill(PASSWORD)
    screen.get_by_role("button", name="登录").click()
    complaints += look(screen, "proxy-desk")
    screen.get_by_label("证件号码").fill(family.number)
    screen.get_by_role("button", name="确认代办").click()
    screen.get_by_text("没有等待确认的申请").wait_for()

    assert complaints == []
    assert family.may() == ["book", "inpatient"]


def test_a_consent_is_given_and_taken_back(screen: Page, live_server: LiveServer) -> None:
    family = Family()
    for purpose in ConsentPurpose:
        publish_consent_text(
            hospital=family.hospital,
            purpose=purpose,
            body="为了让您在手机上看到结果，我们会在微信里显示它们。",
            what_stops="结果不再显示，直到您再次同意。",
        )
    path = f"/m/{family.hospital.code}/me/consents/"
    enter(screen, live_server, account=family.fathers, path=path)
    screen.get_by_role("button", name="同意").first.click()
    screen.get_by_text("已同意").wait_for()
    complaints = look(screen, "consents")

    screen.get_by_role("button", name="撤回").click()
    screen.get_by_text("已经记下").wait_for()

    assert complaints == []
