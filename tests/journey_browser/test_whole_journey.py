"""A patient's whole way, clicked through in Chromium against everything that `make run` starts."""

import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.journey_browser import outpatient, ward
from tests.journey_browser.house import House, standing
from tests.journey_browser.outpatient import Person
from tests.journey_browser.screens import Screens
from tests.make.patients import resident_id
from tools.processes import ROOT

pytestmark = pytest.mark.browser
VAR = Path(settings.VAR_DIR)
BORN_ON = date(1924, 10, 10)  # as the patient of the real files


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The demonstration, as a newcomer has it after `make run`."""
    with standing(VAR / "journey") as made:
        yield made


@pytest.fixture
def screens(chromium: Browser, house: House) -> Screens:
    """Everybody's screens."""
    album = VAR / "screenshots" / "journey"
    album.mkdir(parents=True, exist_ok=True)
    for old in album.glob("*.png"):
        old.unlink()
    return Screens(chromium, house, album)


def test_a_patient_is_carried_from_the_first_page_to_the_paper(screens: Screens) -> None:
    person = Person("欧阳𬱖", resident_id(born_on=BORN_ON), "13800138000")
    outpatient.first_page(screens)
    phone = outpatient.take_phone(screens)
    number = outpatient.register(phone, screens, person)
    outpatient.book(phone, screens)
    outpatient.pay(phone, screens, "fee")
    outpatient.hear(phone, screens, outside="预约挂号成功通知", leads_to="消息", name="booked")
    outpatient.read_inbox(phone, screens, "预约成功", name="booked")
    outpatient.check_in(phone, screens)

    doctor = screens.signed_in(screens.house.logins["doctor-9001"], width=1024)
    wall = outpatient.open_room(doctor, screens)
    outpatient.call(doctor, wall, phone, screens=screens, person=person)
    outpatient.laboratory(phone, screens, number=number)
    counter = screens.signed_in(screens.house.logins["pharmacist"], width=1024)
    outpatient.prescription(phone, counter, screens, number=number)
    outpatient.hand_over(phone, counter, screens, person=person)
    ward.ask_for_bed(doctor, screens, person=person)
    outpatient.finish(doctor, screens)
    outpatient.home_after_the_day(phone, screens)

    tablet = screens.signed_in(screens.house.logins["nurse"], width=1024)
    ward.admit(tablet, screens, person=person)
    wristband = ward.stay(tablet, phone, screens)
    ward.leave(tablet, phone, screens, wristband=wristband)
    code, paper = ward.take_record(phone, screens, department="全天门诊")
    ward.verify(screens, code=code)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert code.replace(" ", "")[-4:] in text.replace(" ", "")
    assert screens.complaints == []
    assert "Traceback" not in screens.house.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_first_booking_of_the_readme_works_as_printed(house: House, readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    (told,) = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    folder = house.log.parent
    person = "1" if readme == "README.md" else "2"  # each has a phone of their own
    changed = {
        "http://127.0.0.1:8000": house.url,
        "http://127.0.0.1:8790": house.sandbox_url,
        "var/sandbox": str(folder / "sandbox"),
        "-d tomorrow": "-d '2 days'",  # the house's own clock is a day ahead
        '["people"][1]': f'["people"][{person}]',
        "11010519491231002X": resident_id(),
    }
    for printed, here in changed.items():
        assert printed in told
        told = told.replace(printed, here)

    ended = subprocess.run(  # noqa: S603 - our own README
        ["/bin/bash", "-euo", "pipefail", "-c", told],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["status"] == "held"
