"""A tablet is enrolled and used, clicked through with the browser's own WebCrypto."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Device, DeviceSession, Role, Staff
from tests import make
from tests.accounts.tablet import PIN
from tests.looking import look
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "B-0417"


@pytest.fixture
def administrator() -> Staff:
    """Who looks after the devices."""
    return make.staff(
        hospital=make.hospital(code="demo", name="示范医院"), role=Role.ADMINISTRATOR, name="何伟"
    )


@pytest.fixture
def nurse(administrator: Staff) -> Staff:
    """Who is to work at one."""
    return make.staff(hospital=administrator.hospital, role=Role.NURSE, name="周敏")


def browser_of(chromium: Browser, staff: Staff | None, server: LiveServer) -> Page:
    """A browser of its own; signed in by password where somebody is named."""
    page = chromium.new_context(viewport={"width": 1024, "height": 900}).new_page()
    if staff is not None:
        page.goto(f"{server.url}/staff/sign-in/")
        page.get_by_label("账号").fill(staff.account.username or "")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="工作台").wait_for()
    return page


def give_badge_to(desk: Page, nurse: Staff, server: LiveServer) -> list[str]:
    """The administrator hands out a badge."""
    desk.goto(f"{server.url}/staff/demo/badges/")
    desk.get_by_label("工号", exact=True).fill(nurse.number)
    desk.get_by_label("工牌号").fill(NUMBER)
    desk.get_by_role("button", name="发放").click()
    desk.get_by_text("工牌尾号 0417").wait_for()
    return look(desk, "badges")


def choose_pin(own: Page, server: LiveServer) -> list[str]:
    """The nurse chooses a PIN after signing in by password."""
    own.goto(f"{server.url}/staff/demo/pin/")
    own.get_by_label("新 PIN").fill("123456")
    own.get_by_label("再输一次").fill("123456")
    own.get_by_role("button", name="保存 PIN").click()
    own.get_by_role("alert").wait_for()
    complaints = look(own, "pin-refused")
    own.get_by_label("新 PIN").fill(PIN)
    own.get_by_label("再输一次").fill(PIN)
    own.get_by_role("button", name="保存 PIN").click()
    own.get_by_text("PIN 已设置").wait_for()
    return complaints


def add_device(desk: Page, server: LiveServer) -> tuple[str, list[str]]:
    """The administrator adds the tablet and reads out its code."""
    desk.goto(f"{server.url}/staff/demo/devices/")
    desk.get_by_label("设备名称").fill("心内科平板 3")
    desk.get_by_label("位置").fill("心内科护士站")
    desk.get_by_role("button", name="添加").click()
    desk.get_by_role("button", name="生成登记码").click()
    code = desk.locator("[data-code]").inner_text()
    complaints = look(desk, "device-code")
    desk.goto(f"{server.url}/staff/demo/devices/")
    return code, complaints + look(desk, "devices")


def enrol(tablet: Page, code: str, server: LiveServer) -> list[str]:
    """The tablet makes its key and shows it with the code."""
    tablet.goto(f"{server.url}/staff/enrol/")
    tablet.get_by_label("登记码").fill("1" * 14)
    tablet.get_by_role("button", name="登记").click()
    tablet.get_by_text("登记码不对或已失效").first.wait_for()
    complaints = look(tablet, "enrol-refused")
    tablet.get_by_label("登记码").fill(code)
    tablet.get_by_role("button", name="登记").click()
    tablet.get_by_text("密钥已存好").wait_for()
    return complaints + look(tablet, "enrolled")


def badge_in(page: Page, server: LiveServer) -> None:
    """Scan and type, as at the bedside: the scanner ends with Enter."""
    page.goto(f"{server.url}/staff/badge/")
    page.get_by_label("工牌").press_sequentially(NUMBER)
    page.get_by_label("工牌").press("Enter")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")


def leave_untouched(tablet: Page) -> None:
    """Ten minutes pass on the tablet's own clock: it shows the sign-in again."""
    tablet.clock.install()
    tablet.reload()
    tablet.get_by_role("heading", name="工作台").wait_for()
    tablet.clock.fast_forward("10:01")
    tablet.get_by_role("heading", name="刷工牌登录").wait_for()


def test_a_tablet_is_enrolled_used_handed_over_and_blocked(
    chromium: Browser, live_server: LiveServer, administrator: Staff, nurse: Staff
) -> None:
    desk = browser_of(chromium, administrator, live_server)
    complaints = give_badge_to(desk, nurse, live_server)
    complaints += choose_pin(browser_of(chromium, nurse, live_server), live_server)
    code, more = add_device(desk, live_server)
    tablet = browser_of(chromium, None, live_server)
    complaints += more + enrol(tablet, code, live_server)

    badge_in(tablet, live_server)
    tablet.get_by_role("heading", name="工作台").wait_for()
    complaints += look(tablet, "at-device")
    assert tablet.get_by_text("心内科平板 3").is_visible()
    tablet.get_by_role("button", name="换人").click()
    tablet.get_by_role("heading", name="刷工牌登录").wait_for()
    complaints += look(tablet, "badge")
    badge_in(tablet, live_server)
    tablet.get_by_role("heading", name="工作台").wait_for()
    leave_untouched(tablet)
    tablet.goto(f"{live_server.url}/staff/demo/")  # the server's ten minutes are not over
    tablet.get_by_role("heading", name="工作台").wait_for()
    desk.goto(f"{live_server.url}/staff/demo/devices/{Device.objects.get().pk}/")
    desk.get_by_role("button", name="停用").click()
    desk.get_by_text("设备已停用").wait_for()
    complaints += look(desk, "device-blocked")
    tablet.reload()
    tablet.get_by_role("heading", name="医院职工登录").wait_for()

    assert complaints == []


def test_a_browser_without_the_key_cannot_use_a_badge(
    chromium: Browser, live_server: LiveServer, administrator: Staff
) -> None:
    other = browser_of(chromium, None, live_server)
    other.goto(f"{live_server.url}/staff/badge/")
    other.get_by_text("这台设备没有登记").wait_for()
    complaints = look(other, "badge-elsewhere")

    badge_in(other, live_server)

    other.get_by_role("heading", name="刷工牌登录").wait_for()
    assert not DeviceSession.objects.exists()
    assert complaints == []


def test_the_key_cannot_be_read_out_of_the_browser(
    chromium: Browser, live_server: LiveServer
) -> None:
    page = browser_of(chromium, None, live_server)
    page.goto(f"{live_server.url}/staff/enrol/")
    page.get_by_label("登记码").fill("1" * 14)
    page.get_by_role("button", name="登记").click()
    page.get_by_text("登记码不对或已失效").first.wait_for()

    told = page.evaluate(
        """async () => {
          const asked = indexedDB.open("zhencheng-device", 1);
          await new Promise((done) => asked.addEventListener("success", done));
          const got = asked.result.transaction("keys").objectStore("keys").get("coming");
          await new Promise((done) => got.addEventListener("success", done));
          const key = got.result.privateKey;
          const read = await crypto.subtle.exportKey("jwk", key).then(
            () => "read",
            () => "refused",
          );
          return [key.extractable, read];
        }"""
    )

    assert told == [False, "refused"]
