"""The page on which one closes one's account, looked at in three widths."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from common import clock
from patients.models import AccountClosing
from tests import make
from tests.looking import look
from tests.make.visits import visit
from tests.patients.test_proxies_in_browser import enter, screen

__all__ = ["screen"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_account_is_closed_by_keyboard_and_taken_back(
    screen: Page, live_server: LiveServer
) -> None:
    account = make.account()
    patient = make.patient(account=account)
    visit(patient=patient)
    make.charge(patient=patient)
    enter(screen, live_server, account=account, path=f"/m/{patient.hospital.code}/me/data/")
    found = look(screen, "data-in-use")
    clock.shift(timedelta(days=30))
    enter(screen, live_server, account=account, path=f"/m/{patient.hospital.code}/me/data/")

    found += look(screen, "data")
    screen.get_by_label("请输入").fill("注销")
    screen.keyboard.press("Enter")
    screen.get_by_role("button", name="撤回注销").wait_for()
    found += look(screen, "data-waiting")
    screen.get_by_role("button", name="撤回注销").press("Enter")
    screen.get_by_label("请输入").wait_for()

    assert found == []
    assert AccountClosing.objects.get().status == AccountClosing.Status.UNDONE
