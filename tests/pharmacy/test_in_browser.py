"""A prescription appears at the pharmacy by itself, and is handed over by keyboard alone."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import Account, Role, Staff
from clinic.models import Doctor
from patients.models import Patient
from pharmacy.actions.receive import receive_prescription
from pharmacy.models import Prescription
from results.actions.file import Issued, Observation, file_report
from results.models import ReportVersion
from tests import make
from tests.make.pharmacy import (
    charge_of,
    paid_prescription,
    pharmacist,
    prescribed,
    prescription,
    proof_of,
    ready_prescription,
)
from tests.make.results import issued, order
from tests.make.settling import settlement
from tests.serving import serving
from tests.threads import race
from visits.models import Order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {390: 844, 1024: 768, 1920: 1080}
SOON_SECONDS = 1.0  # a new prescription is seen within


@pytest.fixture
def host() -> Iterator[str]:
    """The product with its websockets."""
    with serving() as address:
        yield f"http://{address}"


def opened(browser: Browser, who: Staff | Account, *, address: str) -> Page:
    """A signed-in browser at an address."""
    client = Client()
    client.force_login(who.account if isinstance(who, Staff) else who)
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    cookie = client.cookies["sessionid"].value
    everywhere = address[: address.index("/", len("http://"))]
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": everywhere}])
    page = context.new_page()
    page.goto(address)
    return page


def elsewhere(act: Callable[[], object]) -> None:
    """Something happens in another thread, as in another process."""
    (result,) = race([act])
    assert not isinstance(result, Exception), result


def barriers(page: Page, shot: str) -> list[str]:
    """What axe finds and what hangs over the edge, at each width; pictures are kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENSHOTS / f"{shot}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{shot} {width}: over the edge")
        page.set_viewport_size({"width": width, "height": 2600})  # a dock covers nothing
        violations = Axe().run(page, options=WCAG).response["violations"]
        found += [f"{shot} {width} {v['id']}: {v['nodes'][0]['html']}" for v in violations]
    page.set_viewport_size({"width": 1024, "height": 768})
    return found


def live(page: Page, part: str) -> None:
    """Wait until the part follows its stream."""
    expect(page.locator(part)).to_have_attribute("data-live-state", "live", timeout=10_000)


def test_a_prescription_arrives_within_a_second(chromium: Browser, host: str) -> None:
    old = prescription()
    address = f"{host}/staff/{old.hospital.code}/pharmacy/"
    page = opened(chromium, pharmacist(hospital=old.hospital), address=address)
    live(page, "#counter")
    told = prescribed()
    page.evaluate("window.isSamePage = true")

    began = time.monotonic()
    elsewhere(partial(receive_prescription, patient=old.patient, prescribed=told))
    new = Prescription.objects.get(number=told.number)
    page.locator(f"#rx-{new.pk}").wait_for(timeout=5_000)
    took = time.monotonic() - began

    assert took < SOON_SECONDS
    assert page.evaluate("window.isSamePage")
    elsewhere(settlement(charge_of(new)))
    expect(page.locator("section", has_text="待配药").locator(f"#rx-{new.pk}")).to_be_visible()


def test_drugs_are_handed_over_by_keyboard_alone(chromium: Browser, host: str) -> None:
    made = paid_prescription()
    paid_prescription(patient=make.patient(hospital=made.hospital, name="欧阳𬱖"))
    ready_prescription(patient=make.patient(hospital=made.hospital, name="李秀英"))
    prescription(patient=make.patient(hospital=made.hospital, name="陈静"))
    address = f"{host}/staff/{made.hospital.code}/pharmacy/"
    page = opened(chromium, pharmacist(hospital=made.hospital), address=address)
    live(page, "#counter")
    assert barriers(page, "pharmacy-list") == []

    page.locator(f"#rx-{made.pk}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/pharmacy/{made.pk}/")
    assert barriers(page, "pharmacy-paid") == []
    press(page, "接收配药")
    expect(page.get_by_text("已接收，请按四查十对调配。")).to_be_visible()
    page.get_by_label("取药窗口").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("3号窗口")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已配好，已通知患者取药。")).to_be_visible()
    assert barriers(page, "pharmacy-ready") == []
    page.get_by_label("取药码").focus()
    page.keyboard.type(made.pickup_code)
    page.keyboard.press("Tab")
    page.keyboard.type(proof_of(made).document_end)
    page.keyboard.press("Enter")

    expect(page.get_by_text("已发药，请交代用法用量。")).to_be_visible()
    assert Prescription.objects.get(pk=made.pk).status == Prescription.Status.HANDED_OVER


def press(page: Page, label: str) -> None:
    """By keyboard."""
    page.get_by_role("button", name=label).focus()
    page.keyboard.press("Enter")


def test_a_page_that_is_out_of_date_says_so(chromium: Browser, host: str) -> None:
    made = paid_prescription()
    address = f"{host}/staff/{made.hospital.code}/pharmacy/{made.pk}/"
    page = opened(chromium, pharmacist(hospital=made.hospital), address=address)
    live(page, "#state")

    newer = prescribed(number=made.number, version=2)
    elsewhere(partial(receive_prescription, patient=made.patient, prescribed=newer))

    expect(page.get_by_text("这张处方的状态已经变化")).to_be_visible()


def panel(ordered: Order) -> Issued:
    """A blood count with a low and a high value, and one that is not checked yet."""
    plain = issued(ordered, status=ReportVersion.Status.FINAL)
    rows = [
        ("白细胞计数", "11.4", "10*9/L", "3.5-9.5", "H"),
        ("血红蛋白", "108", "g/L", "130-175", "L"),
        ("血小板计数", "221", "10*9/L", "125-350", "N"),
        ("C反应蛋白", "", "mg/L", "<10", ""),
    ]
    lines = tuple(
        Observation(
            code=f"C{n}",
            name=name,
            value=value,
            unit=unit,
            reference=reference,
            flag=flag,
            is_pending=not value,
        )
        for n, (name, value, unit, reference, flag) in enumerate(rows)
    )
    return Issued(**{**vars(plain), "observations": lines, "notes": ("标本轻度溶血。",)})


def a_phone() -> tuple[Account, Patient]:
    account = make.account()
    return account, make.patient(account=account)


def test_the_phone_follows_the_drugs(chromium: Browser, host: str) -> None:
    account, patient = a_phone()
    ready_prescription(patient=patient)
    unpaid = prescription(patient=patient)
    page = opened(chromium, account, address=f"{host}/m/{patient.hospital.code}/prescriptions/")

    assert barriers(page, "phone-prescriptions") == []
    live(page, "#prescriptions")
    elsewhere(settlement(charge_of(unpaid)))

    expect(page.get_by_text("待配药")).to_be_visible()


def test_the_phone_follows_a_report(chromium: Browser, host: str) -> None:
    account, patient = a_phone()
    ordered = order(patient=patient)
    report = file_report(order=ordered, issued=panel(ordered))
    base = f"{host}/m/{patient.hospital.code}/reports/"
    page = opened(chromium, account, address=base)
    assert barriers(page, "phone-reports") == []
    page.goto(f"{base}{report.pk}/")
    assert barriers(page, "phone-report") == []
    live(page, "#report")

    withdrawn = {**vars(panel(ordered)), "status": ReportVersion.Status.WITHDRAWN}
    elsewhere(partial(file_report, order=ordered, issued=Issued(**withdrawn)))

    expect(page.get_by_text("这份报告已撤回")).to_be_visible()
    expect(page.get_by_text("11.4")).to_have_count(0)


def test_the_doctor_reads_the_reports(chromium: Browser, host: str) -> None:
    _, patient = a_phone()
    ordered = order(patient=patient)
    file_report(order=ordered, issued=panel(ordered))
    staff = make.staff(hospital=patient.hospital, role=Role.DOCTOR)
    doctor = make.doctor(department=ordered.visit.department)
    Doctor.objects.filter(pk=doctor.pk).update(staff=staff)

    address = f"{host}/staff/{patient.hospital.code}/patients/{patient.pk}/reports/"
    page = opened(chromium, staff, address=address)

    assert barriers(page, "doctor-reports") == []
    expect(page.get_by_text("偏高")).to_be_visible()
