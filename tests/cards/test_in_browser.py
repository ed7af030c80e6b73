"""The card on a phone and its reader at a desk, looked at in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.ticket import make_ticket
from accounts.models import OneTimeTicket, Role
from cards.actions.open import add_card
from cards.codes import write_code
from cards.models import Card, Use
from common import clock
from tests import make
from tests.looking import look
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of its own."""
    window = chromium.new_page(viewport={"width": 390, "height": 844})
    yield window
    window.close()


def test_a_patient_opens_a_card_and_the_desk_reads_it(page: Page, live_server: LiveServer) -> None:
    account = make.account()
    patient = make.patient(hospital=make.hospital(code="demo"), account=account, name="欧阳静")
    add_card(patient=patient, kind=Card.Kind.PLASTIC, number="A0001234")
    ticket = make_ticket(account=account, use=OneTimeTicket.Use.WEB).ticket
    page.goto(f"{live_server.url}/m/enter?ticket={ticket}&next=/m/demo/me/cards/")
    page.get_by_role("button", name="领取虚拟就诊卡").click()
    complaints = look(page, "cards")
    page.get_by_role("link", name="虚拟就诊卡").click()
    page.get_by_role("link", name="取药").click()
    page.get_by_alt_text("取药用的就诊卡码").wait_for()
    complaints += look(page, "card")

    staff = make.staff(hospital=patient.hospital, role=Role.PHARMACIST)
    card = Card.objects.get(patient=patient, kind=Card.Kind.VIRTUAL)
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/staff/sign-in/?next=/staff/demo/cards/")
    page.get_by_label("账号").fill(staff.account.username or "")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("就诊卡码或卡号").fill(
        write_code(card.pk, use=Use.PICK_UP, now=clock.real_now())
    )
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="欧阳静").wait_for()
    complaints += look(page, "card-reader")

    assert complaints == []
