"""The counter of the records office, as it is seen."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests import make
from tests.journey.test_in_browser import look
from tests.make import records as made
from tests.queueing.test_in_browser import HEIGHTS, Screens
from tests.threads import race

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_a_clerk_finds_a_visit_and_sees_what_was_issued(screens: Screens, width: int) -> None:
    visit = made.visit(name="欧阳𬱖")
    race([lambda: made.issued(visit)])  # sealing needs a thread without a loop; the browser has one
    clerk = make.staff(hospital=visit.hospital, role=Role.RECORDS_OFFICE)
    page = screens.of(clerk, width=width)
    page.goto(f"/staff/{visit.hospital.code}/records/")
    complaints = look(page, f"counter-{width}")

    page.get_by_label("患者身份证号").fill(visit.patient.document_number)
    page.get_by_label("患者本人").check()
    page.get_by_label("个人留存").check()
    page.get_by_role("button", name="查找就诊").click()

    expect(page.get_by_role("heading", name="欧阳𬱖")).to_be_visible()
    expect(page.get_by_role("link", name="查看已出具的")).to_be_visible()
    assert complaints + look(page, f"request-{width}") == []
