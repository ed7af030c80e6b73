"""The way through a ward, and the paper that is taken home."""

import re

from playwright.sync_api import Page, expect

from tests.journey_browser.outpatient import NOW_MS, Person, is_live, pay, until_there
from tests.journey_browser.screens import Screens


def ask_for_bed(room: Page, screens: Screens, *, person: Person) -> None:
    """The doctor asks for an admission while the patient is in the room."""
    doctor = screens.beside(room, width=1024)
    doctor.goto("/staff/demo/")
    doctor.get_by_role("link", name="开住院证").first.click()
    screens.look(doctor, "doctors-patients")
    doctor.get_by_role("link", name=person.name).click()
    screens.look(doctor, "ask-for-a-bed")
    doctor.get_by_role("button", name="开住院证").click()
    expect(doctor.get_by_text("病区已经看到")).to_be_visible()
    screens.look(doctor, "bed-asked-for")


def admit(tablet: Page, screens: Screens, *, person: Person) -> None:
    """The nurse finds the patient on the board, checks who it is, and gives a bed."""
    screens.look(tablet, "nurses-places")
    tablet.get_by_role("link", name="病区").first.click()
    screens.look(tablet, "wards")
    tablet.locator("main a.row").first.click()
    is_live(tablet, "board")
    screens.look(tablet, "ward", widths=(390, 1920))
    tablet.locator("main a.row").first.click()
    tablet.get_by_label("患者自报姓名").fill(person.name)
    tablet.get_by_label("证件号后四位").fill(person.last_four)
    tablet.get_by_text("2床", exact=True).click()
    screens.look(tablet, "admit", widths=(390,))
    tablet.get_by_role("button", name="核对无误").click()
    expect(tablet.get_by_role("button", name="打印")).to_be_visible()
    screens.look(tablet, "wristband")


def stay(tablet: Page, phone: Page, screens: Screens) -> str:
    """A deposit is paid, a day is charged. Returns what the wristband says."""
    wristband = tablet.locator(".band-code").inner_text().strip()
    tablet.get_by_role("link", name="住院页").click()
    tablet.get_by_label("金额").fill("500")
    tablet.get_by_role("button", name="发到家属手机").click()
    expect(tablet.get_by_text("预交金 待家属支付")).to_be_visible()
    pay(phone, screens, "deposit")
    is_live(tablet, "stay")
    until_there(tablet, tablet.get_by_label("金额"))
    tablet.get_by_label("项目编码").fill("CWF")
    tablet.get_by_role("button", name="记账").click()
    expect(tablet.get_by_text("已记账")).to_be_visible()
    screens.look(tablet, "stay", widths=(390, 1920))
    phone.goto("/m/demo/stay/")
    expect(phone.get_by_text("¥440.00")).to_be_visible()
    screens.look(phone, "stay-on-the-phone")
    return wristband


def leave(tablet: Page, phone: Page, screens: Screens, *, wristband: str) -> None:
    """The bill is read together, the wristband once more, and the rest goes back."""
    is_live(phone, "stays")
    tablet.get_by_role("link", name="出院结算").click()
    expect(tablet.get_by_text("将退回 ¥440.00")).to_be_visible()
    screens.look(tablet, "bill", widths=(390, 1920))
    tablet.get_by_label("扫描腕带").fill(wristband)
    tablet.get_by_role("button", name="确认出院并结算").click()
    expect(tablet.get_by_text("床位已空出")).to_be_visible()
    screens.look(tablet, "discharged")
    expect(phone.get_by_text("已出院")).to_be_visible(timeout=NOW_MS)
    screens.look(phone, "discharged-on-the-phone")


def take_record(phone: Page, screens: Screens, *, department: str) -> tuple[str, bytes]:
    """The visit's record is issued and kept. Returns its code and the file."""
    phone.goto("/m/demo/visits/")
    screens.look(phone, "visits")
    phone.get_by_role("link", name=department).first.click()
    screens.look(phone, "visit")
    phone.get_by_role("button", name="出具就诊记录").click()
    link = phone.get_by_role("link", name="下载 PDF")
    expect(link).to_be_visible()
    screens.look(phone, "visit-with-paper")
    code = phone.locator("dd.numeric").last.inner_text()
    answer = phone.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    return code, answer.body()


def verify(screens: Screens, *, code: str) -> None:
    """Anybody can ask whether the paper is real, and is told only that."""
    page = screens.opened(390)
    page.goto("/verify/")
    screens.look(page, "verify")
    page.get_by_label(re.compile("验证码")).fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("status").first).to_contain_text("真实")
    screens.look(page, "verified", widths=(1024,))
