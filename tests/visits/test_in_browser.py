"""The pages about reading, as they are seen and clicked."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from patients.access import show_record
from patients.models import Patient
from tests import make
from tests.journey.test_in_browser import look
from tests.make import reading
from tests.queueing.test_in_browser import HEIGHTS, Screens
from tests.threads import race

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "欧阳静"


def patient_of_nobody() -> Patient:
    """Whom no doctor sees today."""
    made = make.patient(name=NAME)
    reading.told_template(made)
    return made


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_a_doctor_finds_says_why_and_reads_and_the_auditor_judges(
    screens: Screens, width: int
) -> None:
    patient = patient_of_nobody()
    page = screens.of(reading.reader(patient), width=width)
    page.goto(f"/staff/{patient.hospital.code}/records/find/")
    complaints = look(page, f"find-{width}")
    page.get_by_label("门诊号、身份证号或腕带号").fill(patient.number)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="为什么需要查阅")).to_be_visible()
    complaints += look(page, f"reason-{width}")
    page.get_by_label("抢救急诊").check()
    page.get_by_label("具体理由").fill(reading.WHY)
    page.get_by_role("button", name="说明理由并查阅").click()
    expect(page.get_by_text(NAME)).to_be_visible()
    complaints += look(page, f"record-{width}")

    auditor = reading.reader(patient, role=Role.AUDITOR)
    desk = screens.of(auditor, width=width)
    desk.goto(f"/staff/{patient.hospital.code}/audit/")
    complaints += look(desk, f"audit-{width}")
    desk.get_by_label("复核意见").fill("抢救记录可查")
    desk.get_by_role("button", name="合理", exact=True).click()
    expect(desk.get_by_text("没有待复核的紧急查阅")).to_be_visible()
    desk.get_by_label("患者门诊号").fill(patient.number)
    desk.get_by_role("button", name="查询").click()
    expect(desk.get_by_role("heading", name="最近 2 条")).to_be_visible()
    complaints += look(desk, f"audit-lines-{width}")
    desk.goto(f"/staff/{patient.hospital.code}/marks/")
    desk.get_by_label("门诊号或身份证号").fill(patient.number)
    desk.get_by_label("本院职工").check()
    desk.get_by_role("button", name="标记", exact=True).click()
    expect(desk.get_by_role("heading", name="已标记（1）")).to_be_visible()
    assert complaints + look(desk, f"marks-{width}") == []


@pytest.mark.parametrize("width", sorted(HEIGHTS))
def test_a_patient_reads_who_read(screens: Screens, width: int) -> None:
    account = make.account()
    patient = make.patient(account=account, name=NAME)
    doctor = reading.reader(patient)
    race(
        [lambda: show_record(staff=doctor, patients=[patient], shown="report", reason="open visit")]
    )
    page = screens.of(account, width=width)

    page.goto(f"/m/{patient.hospital.code}/me/")
    page.get_by_role("link", name="谁看过我的病历").click()

    expect(page.get_by_text("看了检查检验报告：正在本科室就诊")).to_be_visible()
    assert look(page, f"who-read-{width}") == []
