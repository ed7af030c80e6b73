"""The bedside clicked through: asked, admitted, deposit, daily list, home with the balance."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute
from pytest_django.live_server_helper import LiveServer

from accounts.models import Account, Role, Staff
from clinic.models import Bed
from common.live import events_since
from inpatient.models import Admission, Deposit
from payments.models import Refund
from tests import make
from tests.make import inpatient as wards
from tests.make.settling import settlement
from visits.actions.order import place_order
from visits.asked import Asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"390": (390, 844), "1024": (1024, 768), "portrait": (768, 1024), "1920": (1920, 1080)}
WIDE = ("1024", "portrait", "390", "1920")


def beat(socket: WebSocketRoute) -> None:
    """The live server speaks no websockets; the line is open and nothing is said on it."""
    socket.on_message(lambda _message: socket.send('{"beat": 0}'))


def opened(browser: Browser, who: Staff | Account, *, server: LiveServer) -> Page:
    """A signed-in browser."""
    client = Client()
    client.force_login(who.account if isinstance(who, Staff) else who)
    context: BrowserContext = browser.new_context(viewport={"width": 1024, "height": 768})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])
    context.route_web_socket("**/ws/**", beat)
    return context.new_page()


def look(page: Page, name: str, sizes: tuple[str, ...] = WIDE) -> list[str]:
    """What axe complains about and what hangs over the edge, at each size; pictures are kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    complaints = []
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENSHOTS / f"ward-{name}-{size}.png", full_page=True)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        complaints += [f"{name} {size}: {over} px over the edge"] * (over > 0)
        page.set_viewport_size({"width": width, "height": 2400})  # a dock covers nothing
        violations = Axe().run(page, options=WCAG).response["violations"]
        complaints += [f"{name} {size} {v['id']}: {v['nodes'][0]['html']}" for v in violations]
    page.set_viewport_size({"width": 1024, "height": 768})
    return complaints


def ask_as_doctor(page: Page, base: str) -> list[str]:
    """The doctor finds the patient in the room and asks for a bed."""
    page.goto(f"{base}/admissions/ask/")
    complaints = look(page, "doctor-patients", ("390", "1024"))
    page.get_by_role("link", name="王建国").click()
    complaints += look(page, "doctor-ask", ("390", "1024"))
    page.get_by_role("button", name="开住院证").click()
    page.get_by_text("病区已经看到").wait_for()
    return complaints


def find_who_waits(tablet: Page, base: str) -> list[str]:
    """The nurse looks at the ward, then searches."""
    tablet.goto(f"{base}/wards/")
    complaints = look(tablet, "wards")
    tablet.get_by_role("link", name="心内科病区").click()
    tablet.get_by_text("可入院").wait_for()
    complaints += look(tablet, "board")
    tablet.goto(f"{base}/admissions/new")
    tablet.get_by_label("姓名或证件号后四位").fill("王建国")
    tablet.get_by_role("button", name="查找").click()
    complaints += look(tablet, "search", ("390", "1024"))
    tablet.locator("main").get_by_role("link", name="王**").click()
    return complaints


def admit_to_bed_two(tablet: Page, *, last_four: str) -> list[str]:
    """A name heard wrongly first, then the right one."""
    tablet.get_by_label("患者自报姓名").fill("李建国")
    tablet.get_by_label("证件号后四位").fill(last_four)
    tablet.get_by_text("2床", exact=True).click()
    tablet.get_by_role("button", name="核对无误").click()
    tablet.get_by_text("后四位不符").wait_for()
    complaints = look(tablet, "admit")
    tablet.get_by_label("患者自报姓名").fill("王建国")
    tablet.get_by_role("button", name="核对无误").click()
    tablet.get_by_role("button", name="打印").wait_for()
    return complaints + look(tablet, "wristband", ("390", "1024"))


def test_a_doctor_asks_and_a_nurse_admits(chromium: Browser, live_server: LiveServer) -> None:
    ward = wards.ward(beds=8)
    base = f"{live_server.url}/staff/{ward.hospital.code}"
    patient = make.patient(hospital=ward.hospital)
    neighbour = make.patient(hospital=ward.hospital, name="欧阳𬱖")
    wards.admission(ward=ward, patient=neighbour)
    doctor = make.staff(hospital=ward.hospital, role=Role.DOCTOR)
    wards.visit_with(doctor, patient=patient)
    tablet = opened(chromium, wards.nurse(hospital=ward.hospital), server=live_server)

    complaints = ask_as_doctor(opened(chromium, doctor, server=live_server), base)
    complaints += find_who_waits(tablet, base)
    complaints += admit_to_bed_two(tablet, last_four=patient.document_number[-4:])

    assert complaints == []
    stay = Admission.objects.get(patient=patient)
    assert Bed.objects.get(admission_id=stay.pk).number == 2


def test_the_board_follows_the_ward(chromium: Browser, live_server: LiveServer) -> None:
    ward = wards.ward(beds=2)
    tablet = opened(chromium, wards.nurse(hospital=ward.hospital), server=live_server)
    lines: list[WebSocketRoute] = []
    tablet.route_web_socket("**/ws/**", lambda line: lines.append(line))  # noqa: PLW0108 - Playwright marks what it is given
    tablet.goto(f"{live_server.url}/staff/{ward.hospital.code}/wards/{ward.pk}/")
    tablet.locator("#board[data-live-state]").wait_for()
    lines[-1].send('{"beat": 0}')

    stay = wards.admission(ward=ward)
    for event in events_since(stay.ward_stream, 0):
        lines[-1].send(json.dumps({"stream": f"ward:{ward.pk}", **asdict(event)}))

    tablet.get_by_text("空床 1 · 待入院 0").wait_for()
    assert tablet.get_by_role("link", name="王**").is_visible()


def ask_for_a_deposit(tablet: Page, phone: Page) -> list[str]:
    """The nurse asks, the family sees it and the way to pay."""
    tablet.get_by_role("button", name="发到家属手机").click()
    tablet.get_by_text("预交金 待家属支付").wait_for()
    phone.reload()
    complaints = look(phone, "phone-to-pay", ("390",))
    phone.get_by_role("link", name="去支付").click()
    phone.get_by_text("住院预交金").wait_for()
    phone.go_back()
    return complaints


def charge_three(tablet: Page, phone: Page) -> list[str]:
    """The nurse charges three days of bed, the family sees what is left."""
    tablet.reload()
    tablet.get_by_label("项目编码").fill("BED")
    tablet.get_by_label("数量").fill("3")
    tablet.get_by_role("button", name="记账").click()
    tablet.get_by_text("已记账").wait_for()
    phone.reload()
    phone.get_by_text("¥880.00").wait_for()
    return look(tablet, "stay") + look(phone, "phone-stay", ("390",))


def send_home(tablet: Page, phone: Page, *, wristband: str) -> list[str]:
    """The bill once more, the wristband, the last tap."""
    tablet.get_by_role("link", name="出院结算").click()
    tablet.get_by_text("将退回 ¥880.00").wait_for()
    complaints = look(tablet, "leave")
    tablet.get_by_label("扫描腕带").fill(wristband)
    tablet.get_by_role("button", name="确认出院并结算").click()
    tablet.get_by_text("床位已空出").wait_for()
    phone.reload()
    complaints += look(phone, "phone-home", ("390",))
    return complaints + look(tablet, "settled", ("390", "1024"))


def test_deposit_line_and_the_last_tap(chromium: Browser, live_server: LiveServer) -> None:
    stay = wards.admission(ward=wards.ward(beds=3))
    make.price(hospital=stay.hospital, code="BED", price_fen=4000)
    make.price(hospital=stay.hospital, code="CT", name="胸部CT", price_fen=30_000)
    place_order(patient=stay.patient, asked=Asked(placer_number="O1", code="CT", name="胸部CT"))
    family = Account.objects.get(grant__patient=stay.patient)
    tablet = opened(chromium, wards.nurse(hospital=stay.hospital), server=live_server)
    phone = opened(chromium, family, server=live_server)
    tablet.goto(f"{live_server.url}/staff/{stay.hospital.code}/admissions/{stay.pk}/")
    phone.goto(f"{live_server.url}/m/{stay.hospital.code}/stay/")

    complaints = ask_for_a_deposit(tablet, phone)
    settlement(Deposit.objects.get().charge)()
    complaints += charge_three(tablet, phone)
    complaints += send_home(tablet, phone, wristband=str(stay.wristband))

    assert complaints == []
    assert [refund.amount_fen for refund in Refund.objects.all()] == [88_000]
    assert not Bed.objects.filter(admission_id=stay.pk).exists()
