"""What a patient does with the phone after booking, until they go home."""

import re
from dataclasses import dataclass
from typing import Any

from rehearsal.day.ears import Ears
from rehearsal.day.edges import Browser
from rehearsal.day.phone import Phone, Plan
from rehearsal.day.stage import CODE

PICKUP = re.compile(r"取药码</span><span[^>]*>(\d{6})")
GENUINE = "真实有效"


@dataclass
class Patient(Phone):
    """One patient, with what they need and what has become of them."""

    needs_test: bool = False
    needs_correction: bool = False
    needs_drugs: bool = False
    needs_bed: bool = False
    needs_record: bool = False
    misses_call: bool = False
    ticket_id: str = ""
    order_number: int = 0
    is_seen: bool = False
    has_prescription: bool = False
    report_id: str = ""
    stay_id: str = ""
    band: str = ""
    pages: Browser | None = None

    def hear_of_the_hold(self) -> None:
        """Who did not pay in time is told that the place is gone; late money comes back."""
        self.company.until("a lapsed hold", lambda: self._status() == "lapsed", seconds=40)
        self._look(expected="lapsed")
        if self.plan is Plan.PAYS_LATE:
            self.hear_of_money_back()

    def _status(self) -> str:
        return str(self.door.get(f"appointments/{self.appointment['id']}").body.get("status"))

    def prepare_to_pay_late(self) -> None:
        """Open the payment sheet, and put the phone away."""
        charge = self.charge_for("appointment", self.appointment["id"])
        if charge is not None:
            self.waiting_payment = (self.ask_to_pay(charge), charge)

    def pay_late(self) -> None:
        """Tap at last; the provider's notice is lost, so the house hears of it too late."""
        if self.waiting_payment is not None:
            asked, charge = self.waiting_payment
            outside = self.company.outside()
            fault = {"name": "lost_notify", "times": 1, "event": "TRANSACTION.SUCCESS"}
            outside.expect(outside.command("/control/faults", fault), 200)
            outside.close()
            self._wallet(asked, charge)

    def hear_of_money_back(self, *, most: int = 1) -> None:
        """Every refund of what this wallet paid has arrived."""

        def arrived() -> list[dict[str, Any]]:
            found = [r for c in self.charges() if c["id"] in self.paid for r in c["refunds"]]
            is_all = len(found) >= most and all(r["status"] == "DONE" for r in found)
            return found if is_all else []

        for refund in self.company.until("money back", arrived, seconds=60):
            self.note("money back", refund=refund["id"], fen=refund["amount_fen"])

    def see_reminder(self) -> None:
        """The reminder is on the phone, as WeChat shows it."""
        known = {
            t["template_id"]: t["key"] for t in self.company.stage.credentials["message_templates"]
        }

        def arrived() -> list[str]:
            return [
                key
                for message in self.company.phone_messages(self.openid)
                if (key := known[message["template_id"]]) == "visit_reminder"
            ]

        self.company.until("the reminder", arrived, seconds=40)
        self.note("reminder seen")

    def listen(self, ears: Ears) -> None:
        """The day's page opens a socket with a ticket of its own."""
        answer = self.door.expect(self.door.command(self.me("socket-tickets")), 200, 201)
        ears.follow(self.who, [f"day:{self.patient_id}"], ticket=answer.body["ticket"])
        self.note("listens", answer)

    def check_in(self) -> None:
        """I am here."""
        address = f"appointments/{self.appointment['id']}/check-in"
        answer = self.door.expect(self.door.command(address), 200, 201)
        self.ticket_id = answer.body["id"]
        self.note("checked in", answer, ticket=self.ticket_id, label=answer.body["label"])

    def check_in_again(self) -> None:
        """The call was missed; back in line."""
        self.check_in()
        self.note("came back after a missed call", ticket=self.ticket_id)

    def hears(self, kind: str, *, times: int = 1) -> bool:
        """Whether the phone has heard of it by now."""
        heard = [
            e
            for e in self.company.diaries.of("heard live")
            if e.who == self.who and e.facts["kind"] == kind
        ]
        return len(heard) >= times

    def pay_for(self, purpose: str, *, step: str) -> dict[str, Any]:
        """What is due for this purpose, once it is there."""
        charge: dict[str, Any] = self.company.until(
            f"a charge for {purpose}", lambda: self.charge_for(purpose), seconds=30
        )
        self.pay(charge, step=step)
        return charge

    def read_result(self, *, status: str) -> None:
        """The report, once its newest version is this one."""

        def newest() -> dict[str, Any] | None:
            rows = self.door.expect(self.door.get("reports"), 200).body["results"]
            return next((row for row in rows if row["status"] == status), None)

        row = self.company.until(f"a report that is {status}", newest, seconds=40)
        self.report_id = row["id"]
        self.read_result_again()

    def read_result_again(self) -> None:
        """As it is now."""
        answer = self.door.expect(self.door.get(f"reports/{self.report_id}"), 200)
        told: dict[str, Any] = answer.body
        self.note(
            "result read",
            answer,
            report=told["id"],
            status=told["status"],
            issued_at=told["issued_at"],
            order=f"R{self.order_number}",
            patient=self.patient_id,
        )

    def browser(self) -> Browser:
        """The shell opens our pages in its web view."""
        if self.pages is None:
            self.pages = Browser(self.company.stage.web, self.company.diaries)
            answer = self.door.expect(self.door.command(self.me("web-tickets")), 200, 201)
            onward = {"ticket": answer.body["ticket"], "next": f"/m/{CODE}/"}
            self.pages.open("/m/enter", params=onward)
        return self.pages

    def pickup_code(self) -> str:
        """What the phone shows when the drugs are ready."""

        def shown() -> str:
            page = self.browser().open(f"/m/{CODE}/prescriptions/").text
            found = PICKUP.search(page)
            return found.group(1) if found else ""

        return str(self.company.until("a pick-up code", shown, seconds=30))

    def take_record_home(self) -> None:
        """The visit's record as a sealed PDF, and its code confirmed where anybody may ask."""
        visits = self.door.expect(self.door.get("visits"), 200).body["results"]
        answer = self.door.expect(self.door.command(f"visits/{visits[0]['id']}/record"), 200, 201)
        paper = answer.body
        self.note("record issued", answer, paper=paper["id"], version=paper["version"])
        file = self.door.expect(self.door.get(f"papers/{paper['id']}"), 200)
        if not file.text.startswith("%PDF"):
            self.company.diaries.note_surprise("papers: no PDF")
        anybody = Browser(self.company.stage.web, self.company.diaries)
        page = anybody.open(f"/verify/{paper['code']}/")
        anybody.close()
        if GENUINE not in page.text:
            self.company.diaries.note_surprise("verify: an issued paper is not confirmed")
            return
        self.note("record confirmed", page, paper=paper["id"])

    def stay(self) -> dict[str, Any] | None:
        """The newest stay."""
        rows = self.door.expect(self.door.get("stays"), 200).body["results"]
        return rows[0] if rows else None

    def hear_of_balance(self) -> None:
        """What was left of the deposit has come back."""
        self.hear_of_money_back()
        self.note("balance back", stay=self.stay_id)

    def read_inbox(self) -> None:
        """Every message, by id and template."""
        url = self.me("messages")
        while url:
            answer = self.door.expect(self.door.get(url), 200)
            for message in answer.body["results"]:
                facts = {"message": message["id"], "template": message["template"]}
                self.note("message in inbox", answer, openid=self.openid, **facts)
            url = answer.body["next"]
