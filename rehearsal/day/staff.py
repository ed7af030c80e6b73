"""The hospital's staff at their pages: doctors, the wall, the pharmacist, the nurse."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from rehearsal.day.company import Company
from rehearsal.day.ears import Ears
from rehearsal.day.edges import Answer, Browser, Forms
from rehearsal.day.patient import Patient
from rehearsal.day.stage import CODE
from rehearsal.day.systems import Systems

STREAM = re.compile(r'data-live-stream="([^"]+)"')
BAND = re.compile(r'class="band-code">([^<]+)<')
LINE_CODE = "CBC"


@dataclass
class Member:
    """One of the staff, signed in."""

    username: str
    company: Company
    door: Browser = field(init=False)

    def __post_init__(self) -> None:
        """A browser of their own."""
        self.door = Browser(self.company.stage.web, self.company.diaries)

    def sign_in(self) -> None:
        """With the name and password of the demonstration."""
        login = self.company.stage.logins[self.username]
        page = self.door.open("/staff/sign-in/")
        form = Forms(page.text).with_field("password")[0]
        answer = self.door.submit(
            page, form, username=login["username"], password=login["password"]
        )
        self.door.expect(answer, 200)
        self.note("staff signed in", answer)

    def note(self, step: str, answer: Answer | None = None, **facts: Any) -> None:
        """Write down what was told."""
        asked_at = answer.asked_at if answer else None
        self.company.diaries.note(self.username, step, asked_at=asked_at, **facts)

    def shown(self, phone: Patient, what: str, answer: Answer) -> None:  # noqa: PLR0917 - as one says it
        """A page named this patient to this member of the staff."""
        self.note("record shown", answer, patient=phone.patient_id, what=what)

    def follow(self, page: Answer, ears: Ears) -> None:
        """The page's live part listens, by session and from our own origin."""
        streams = STREAM.findall(page.text)[0].split()
        cookies = "; ".join(f"{name}={value}" for name, value in self.door.client.cookies.items())
        ears.follow(self.username, streams, headers={"Cookie": cookies})
        self.note("listens", page)

    def press(self, page: Answer, act: str, **filled: str) -> Answer:
        """Press the button of that act. Raises Unexpected where the page then cannot be had."""
        forms = Forms(page.text).with_button("act", act)
        if not forms:
            self.company.diaries.note_surprise(f"{self.username}: the page offers no {act}")
            return page
        answer = self.door.submit(page, forms[0], act=act, **filled)
        return self.door.expect(answer, 200)


@dataclass
class Doctor(Member):
    """Calls one after the other, and sees them."""

    session: str = ""
    systems: Systems | None = None
    expected: dict[str, Patient] = field(default_factory=dict)  # by ticket

    @property
    def address(self) -> str:
        """The session's page."""
        return f"/staff/{CODE}/queues/{self.session}/"

    def work(self) -> None:
        """Until nobody waits."""
        page = self.door.open(f"/staff/{CODE}/rooms/")
        self.note("rooms listed", page)
        for _ in range(3 * len(self.expected)):
            page = self.press(self.door.open(self.address), "call")
            phone = self._current(page)
            if phone is None:
                return
            self.note("called", page, ticket=phone.ticket_id)
            self._see(page, phone)

    def _current(self, page: Answer) -> Patient | None:
        """Whom the page names."""
        forms = Forms(page.text).with_field("ticket_id")
        if not forms:
            return None
        return self.expected.get(forms[0]["fields"]["ticket_id"])

    def _see(self, page: Answer, phone: Patient) -> None:
        self.shown(phone, "queue", page)
        self.company.until("the call on the phone", lambda: phone.hears("called"), seconds=15)
        phone.note("called on the phone", ticket=phone.ticket_id)
        if phone.misses_call:
            phone.misses_call = False
            self.press(page, "missed")
            self.note("missed call", ticket=phone.ticket_id)
            phone.check_in_again()
            return
        page = self.press(page, "admit")
        self._in_the_room(phone)
        page = self.press(page, "finish")
        phone.is_seen = True
        self.note("finished", page, ticket=phone.ticket_id)

    def _in_the_room(self, phone: Patient) -> None:
        """What the doctor asks for in the hospital's own systems."""
        if self.systems is None:
            return
        if phone.needs_test:
            self.systems.order(phone)
            self._wait_for_charge(phone, "order")
        if phone.needs_drugs:
            self.systems.prescribe(phone)
            self._wait_for_charge(phone, "prescription")
            phone.has_prescription = True
        if phone.needs_bed:
            self._ask_admission(phone)

    def _wait_for_charge(self, phone: Patient, purpose: str) -> None:
        self.company.until(f"a charge for {purpose}", lambda: phone.charge_for(purpose), seconds=30)

    def _ask_admission(self, phone: Patient) -> None:
        page = self.door.open(f"/staff/{CODE}/patients/{phone.patient_id}/admission/")
        self.shown(phone, "admission", page)
        page = self.press(page, "ask")
        self.note("admission asked", page, patient=phone.patient_id)

    def read_results(self, phone: Patient) -> None:
        """The doctor looks at what the laboratory found."""
        page = self.door.open(f"/staff/{CODE}/patients/{phone.patient_id}/reports/")
        self.shown(phone, "reports", page)


@dataclass
class Pharmacist(Member):
    """Prepares and hands over, one thing at a time."""

    busy: threading.Lock = field(default_factory=threading.Lock)

    @property
    def counter(self) -> str:
        """The list."""
        return f"/staff/{CODE}/pharmacy/"

    def prepare(self, phone: Patient, prescription: str) -> None:
        """From paid to ready."""
        address = f"{self.counter}{prescription}/"
        page = self.door.open(address)
        self.shown(phone, "prescription", page)
        page = self.press(page, "prepare")
        page = self.press(page, "ready")
        self.note("drugs ready", page, prescription=prescription)

    def hand_over(self, phone: Patient, prescription: str, code: str) -> None:  # noqa: PLR0917
        """Two identifiers, then the drugs."""
        page = self.door.open(f"{self.counter}{prescription}/")
        self.shown(phone, "prescription", page)
        ending = phone.identity.document_number[-4:]
        page = self.press(page, "hand_over", pickup_code=code, document_end=ending)
        if "已发药" not in page.text:
            self.company.diaries.note_surprise("pharmacy: the drugs were not handed over")
            return
        self.note("drugs handed over", page, prescription=prescription)


class Nurse(Member):
    """Admits, charges, and lets go home."""

    def admit(self, phone: Patient, stay: str) -> str:
        """Two identifiers, a bed, a wristband. Returns what stands on it."""
        page = self.door.open(self._address(stay))
        self.shown(phone, "stay", page)
        form = Forms(page.text).with_field("bed_id")[0]
        said = {
            "name": phone.identity.name,
            "document_last_four": phone.identity.document_number[-4:],
        }
        page = self.door.expect(self.door.submit(page, form, **said), 200)
        found = BAND.search(page.text)
        if found is None:
            self.company.diaries.note_surprise("wards: no wristband after admitting")
            return ""
        self.note("admitted", page, stay=stay)
        return found.group(1).strip()

    def ask_deposit(self, stay: str) -> None:
        """As much as the house asks."""
        page = self.press(self.door.open(self._address(stay)), "deposit")
        self.note("deposit asked", page, stay=stay)

    def charge(self, stay: str) -> None:
        """One line of today's list."""
        page = self.door.open(self._address(stay))
        page = self.press(page, "line", code=LINE_CODE, quantity="1")
        self.note("daily line", page, stay=stay)

    def discharge(self, phone: Patient, stay: str, band: str) -> None:  # noqa: PLR0917
        """The band is scanned, the bill agreed."""
        page = self.door.open(f"{self._address(stay)}discharge/")
        self.shown(phone, "stay", page)
        form = Forms(page.text).with_field("wristband")[0]
        page = self.door.expect(self.door.submit(page, form, wristband=band), 200)
        if "已出院" not in page.text:
            self.company.diaries.note_surprise("wards: not discharged")
            return
        self.note("discharged", page, stay=stay)

    def _address(self, stay: str) -> str:
        return f"/staff/{CODE}/admissions/{stay}/"
