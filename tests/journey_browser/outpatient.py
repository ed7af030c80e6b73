"""The way of one patient from the first page to the drugs, on phone, doctor's page and wall."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journey_browser import systems
from tests.journey_browser.screens import PATIENCE_MS, Screens

LOOKS, LOOK_MS = 15, 2_000
NOW_MS = 5_000  # what is told over a websocket is there within a moment


@dataclass(frozen=True)
class Person:
    """Somebody as they type themselves in."""

    name: str
    document_number: str
    phone: str

    @property
    def last_four(self) -> str:
        """How they show at a window that it is them."""
        return self.document_number[-4:]


def first_page(screens: Screens) -> None:
    """A newcomer at the first page is shown where to go."""
    page = screens.opened(1024)
    page.goto("/")
    expect(page.get_by_role("heading", name="演示：可以这样试")).to_be_visible()
    screens.look(page, "first-page", widths=(390, 1920))
    page.context.close()


def take_phone(screens: Screens) -> Page:
    """Take a demonstration phone and accept one message of every kind."""
    phone = screens.opened(390)
    phone.goto(screens.house.phone_url)
    screens.look(phone, "phones")
    phone.locator("a.person").first.click()
    kinds = phone.get_by_role("button", name=re.compile("接收")).count()
    assert kinds
    for kind in range(kinds):
        phone.get_by_role("button", name=re.compile("接收")).nth(kind).click()
        expect(phone.get_by_role("status")).to_contain_text("已接收")
    screens.look(phone, "messages-accepted")
    return phone


def register(phone: Page, screens: Screens, person: Person) -> str:
    """Open the mini-program and register oneself. Returns the patient number (门诊号)."""
    phone.get_by_role("button", name="打开小程序").click()
    phone.get_by_role("link", name="第一示范医院").click()
    expect(phone.get_by_role("heading", name="从这里开始")).to_be_visible()
    screens.look(phone, "home-of-a-newcomer")
    phone.get_by_role("link", name="去登记").click()
    phone.get_by_label("姓名").fill(person.name)
    phone.get_by_label("身份证号").fill(person.document_number)
    phone.get_by_label("手机号").fill(person.phone)
    screens.look(phone, "register")
    phone.get_by_role("button", name="添加").click()
    told = phone.get_by_text(re.compile("门诊号"))
    expect(told).to_be_visible()
    screens.look(phone, "registered")
    return told.inner_text().removeprefix("门诊号").strip()


def book(phone: Page, screens: Screens) -> None:
    """Choose department, time and patient; a place is held."""
    phone.get_by_role("link", name="预约", exact=True).click()
    screens.look(phone, "departments")
    phone.get_by_role("link", name="全天门诊").click()
    screens.look(phone, "times")
    phone.locator("a.slot").first.click()
    screens.look(phone, "confirm")
    phone.get_by_role("button", name="确认预约").click()
    expect(phone.get_by_role("link", name="去支付")).to_be_visible()
    screens.look(phone, "held")


def pay(phone: Page, screens: Screens, name: str) -> None:
    """Pay what is due, from our list through WeChat's sheet to our result."""
    phone.goto("/m/demo/due/")
    screens.look(phone, f"{name}-due")
    phone.get_by_role("button", name="支付").click()
    phone.get_by_role("link", name="微信支付").wait_for()
    screens.look(phone, f"{name}-to-wechat")
    phone.get_by_role("link", name="微信支付").click()
    phone.locator("button[value=pay]").wait_for()
    screens.look(phone, f"{name}-sheet")
    phone.locator("button[value=pay]").click()
    expect(phone.get_by_text("支付成功")).to_be_visible()
    screens.look(phone, f"{name}-paid")


def hear(phone: Page, screens: Screens, *, outside: str, leads_to: str, name: str) -> None:
    """The message has come to the phone, and leads to the page it speaks of."""
    phone.goto(screens.house.phone_url)
    phone.locator("a.person").first.click()
    message = phone.locator("article.message", has=phone.get_by_role("heading", name=outside))
    until_there(phone, message)
    screens.look(phone, f"{name}-on-the-phone")
    message.first.get_by_role("button", name="进入小程序查看").click()
    expect(phone.get_by_role("heading", name=leads_to, level=1)).to_be_visible(timeout=PATIENCE_MS)


def read_inbox(phone: Page, screens: Screens, title: str, *, name: str) -> None:
    """The same words stay in our own inbox."""
    phone.goto("/m/demo/")
    phone.get_by_role("link", name="消息").last.click()
    expect(phone.get_by_role("heading", name=title).first).to_be_visible()
    screens.look(phone, f"{name}-in-the-inbox")


def until_there(page: Page, wanted: Locator) -> None:
    """Look again until it is there: what a sweep sends comes within seconds."""
    for _ in range(LOOKS):
        try:
            wanted.first.wait_for(timeout=LOOK_MS)
        except PlaywrightTimeout:
            page.reload()
        else:
            return
    expect(wanted.first).to_be_visible()


def is_live(page: Page, part: str) -> None:
    """The part hears its stream; the body is marked, so that a reload would show."""
    expect(page.locator(f"#{part}[data-live-state='live']")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("body").evaluate("body => { body.dataset.kept = 'yes' }")


def check_in(phone: Page, screens: Screens) -> None:
    """Say that one is here; the ticket is shown."""
    phone.goto("/m/demo/")
    screens.look(phone, "home-before-the-visit")
    phone.get_by_role("link", name="就诊", exact=True).click()
    phone.get_by_role("button", name="我到了，签到").click()
    expect(phone.get_by_text("就是您")).to_be_visible()
    is_live(phone, "today")
    screens.look(phone, "waiting")


def open_room(doctor: Page, screens: Screens) -> Page:
    """The doctor opens the room, and on another screen its wall. Returns the wall."""
    screens.look(doctor, "doctors-places")
    doctor.get_by_role("link", name="叫号").first.click()
    doctor.locator("main").get_by_role("link", name="叫号").first.click()
    is_live(doctor, "queue")
    screens.look(doctor, "room-before-the-call", widths=(390, 1920))
    wall = screens.beside(doctor, width=1920)
    wall.goto(doctor.get_by_role("link", name="候诊屏").get_attribute("href") or "")
    is_live(wall, "wall")
    screens.look(wall, "wall-before-the-call")
    return wall


def call(doctor: Page, wall: Page, phone: Page, *, screens: Screens, person: Person) -> None:
    """Wall and phone follow the call by themselves; the patient comes in."""
    ticket = phone.locator("#today .big-number-value").first.inner_text()
    doctor.get_by_role("button", name="呼叫下一位").click()
    expect(wall.locator(".wall-ticket")).to_have_text(ticket, timeout=NOW_MS)
    expect(wall.locator(".wall-person")).not_to_contain_text(person.name)
    expect(phone.get_by_role("heading", name="请到101诊室")).to_be_visible(timeout=NOW_MS)
    screens.look(doctor, "room-called", widths=(390, 1920))
    screens.look(wall, "wall-called")
    screens.look(phone, "phone-called")
    doctor.get_by_role("button", name="开始就诊").click()
    expect(doctor.get_by_role("heading", name="正在就诊")).to_be_visible()
    expect(doctor.get_by_text(person.name)).to_be_visible()
    screens.look(doctor, "room-in-the-room")
    for page in (doctor, wall, phone):
        expect(page.locator("body[data-kept='yes']")).to_have_count(1)


def finish(doctor: Page, screens: Screens) -> None:
    """The visit in the room is over."""
    doctor.get_by_role("button", name="结束就诊").click()
    expect(doctor.get_by_role("heading", name="诊室空闲")).to_be_visible()
    screens.look(doctor, "room-free-again")


def laboratory(phone: Page, screens: Screens, *, number: str) -> None:
    """An order arrives by HL7, is paid, its result arrives, and is read on the phone."""
    systems.send_order(screens.house, patient_number=number)
    phone.goto("/m/demo/due/")
    until_there(phone, phone.get_by_role("button", name="支付"))
    pay(phone, screens, "laboratory")
    systems.send_result(screens.house, patient_number=number)
    hear(phone, screens, outside="报告完成通知", leads_to="检查检验报告", name="report")
    screens.look(phone, "reports")
    phone.locator("main a.row", has_text="已出报告").click()
    is_live(phone, "report")
    screens.look(phone, "report", widths=(1024,))


def prescription(phone: Page, counter: Page, screens: Screens, *, number: str) -> None:
    """A prescription arrives by FHIR and stands at the pharmacy by itself, first to be paid."""
    counter.get_by_role("link", name="药房").first.click()
    is_live(counter, "counter")
    screens.look(counter, "pharmacy-before")
    systems.send_prescription(screens.house, patient_number=number)
    expect(counter.locator("main a.row").first).to_be_visible(timeout=PATIENCE_MS)
    screens.look(counter, "pharmacy-unpaid")
    phone.goto("/m/demo/prescriptions/")
    screens.look(phone, "prescription-unpaid")
    pay(phone, screens, "drugs")
    phone.goto("/m/demo/prescriptions/")
    is_live(phone, "prescriptions")
    screens.look(phone, "prescription-paid")


def hand_over(phone: Page, counter: Page, screens: Screens, *, person: Person) -> None:
    """The pharmacist prepares the drugs; the patient shows code and document."""
    counter.locator("main a.row").first.click()
    screens.look(counter, "prescription-to-prepare", widths=(390, 1920))
    counter.get_by_role("button", name="接收配药").click()
    counter.get_by_role("button", name="配好").click()
    expect(phone.get_by_text("取药码")).to_be_visible(timeout=NOW_MS)
    screens.look(phone, "prescription-ready")
    shown = phone.locator(".card-now .big-number", has_text="取药码")
    code = re.search(r"\d{4,}", shown.inner_text())
    assert code, shown.inner_text()
    counter.get_by_label("取药码").fill(code.group())
    counter.get_by_label("证件后四位").fill(person.last_four)
    screens.look(counter, "prescription-at-the-window")
    counter.get_by_role("button", name="核对发药").click()
    expect(counter.get_by_text("已发药，请交代用法用量。")).to_be_visible()
    screens.look(counter, "prescription-handed-over")


def home_after_the_day(phone: Page, screens: Screens) -> None:
    """The first page now tells the day that was."""
    phone.goto("/m/demo/")
    screens.look(phone, "home-after-the-day")
