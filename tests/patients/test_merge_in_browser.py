"""The records office's pages, as they are seen and clicked."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from patients.actions.open_review import open_merge_review
from patients.models import MergeReason
from tests import make
from tests.journey.test_in_browser import look
from tests.queueing.test_in_browser import HEIGHTS, Screens
from tests.threads import race

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_a_clerk_compares_two_charts_and_joins_them(screens: Screens, width: int) -> None:
    first = make.patient(name="欧阳建国")
    second = make.patient(hospital=first.hospital, name="欧阳建帼", phone="13900139000")
    race(
        [
            lambda: open_merge_review(
                first=first, second=second, reason=MergeReason.DOCUMENT, evidence="同一本护照"
            )
        ]
    )
    page = screens.of(make.staff(hospital=first.hospital, role=Role.RECORDS_OFFICE), width=width)
    page.goto(f"/staff/{first.hospital.code}/merge-reviews/")
    complaints = look(page, f"merge-reviews-{width}")

    page.get_by_role("link", name=first.number).click()
    expect(page.get_by_role("heading", name="作出结论")).to_be_visible()
    complaints += look(page, f"merge-review-{width}")
    page.get_by_label(f"是同一人，以 {first.number} 为主").check()
    page.get_by_label("理由").fill("本人持两证到窗口确认")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已合并")).to_be_visible()

    page.goto(f"/staff/{first.hospital.code}/deaths/")
    page.get_by_label("门诊号").fill(first.number)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="登记死亡")).to_be_visible()
    assert complaints + look(page, f"death-{width}") == []
