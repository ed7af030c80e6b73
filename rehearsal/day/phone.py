"""A patient with a phone: logs in, registers, accepts messages, books, pays, and hears."""

import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rehearsal.day.company import Company
from rehearsal.day.edges import Answer, Door
from rehearsal.day.people import Identity

MOST_CREDITS = 30


class Plan(Enum):
    """How this patient behaves on the eve."""

    COMES = "comes"  # pays at once, comes and is seen
    TAPS_TWICE = "taps twice"  # the same, but each tap is sent twice with one key
    CANCELS = "cancels"  # pays, then cancels
    LAPSES = "lapses"  # never pays
    PAYS_LATE = "pays late"  # the money arrives when the hold is gone


@dataclass
class Phone:
    """One patient's phone."""

    number: int
    who: str
    openid: str
    identity: Identity
    plan: Plan
    company: Company
    door: Door = field(init=False)
    patient_id: str = ""
    patient_number: str = ""
    appointment: dict[str, Any] = field(default_factory=dict)
    paid: list[str] = field(default_factory=list)  # charges
    waiting_payment: tuple[dict[str, Any], dict[str, Any]] | None = None
    slot: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The connection; the token comes with logging in."""
        self.door = Door(self.company.stage.api, self.company.diaries)

    def note(self, step: str, answer: Answer | None = None, **facts: Any) -> None:
        """Write down what was told."""
        asked_at = answer.asked_at if answer else None
        self.company.diaries.note(self.who, step, asked_at=asked_at, **facts)

    def me(self, path: str) -> str:
        """An address of one's own, across hospitals."""
        return f"{self.company.stage.web}/api/v1/me/{path}"

    @property
    def comes(self) -> bool:
        """Whether this patient means to come."""
        return self.plan in {Plan.COMES, Plan.TAPS_TWICE}

    def sign_up(self) -> None:
        """Log in by WeChat, register with a document, accept messages."""
        outside = self.company.outside()
        app_id = self.company.stage.credentials["apps"][0]["app_id"]
        code = outside.command("/control/codes", {"openid": self.openid}).body["js_code"]
        answer = self.door.command(
            f"{self.company.stage.web}/api/v1/login/wechat", {"app_id": app_id, "code": code}
        )
        token = self.door.expect(answer, 200).body["token"]
        self.door.client.headers["Authorization"] = f"Token {token}"
        self.note("logged in", answer)
        self._register()
        self._accept_messages(outside)
        outside.close()

    def _register(self) -> None:
        said = {
            "name": self.identity.name,
            "document_type": "resident_id",
            "document_number": self.identity.document_number,
            "phone": self.identity.phone,
            "relation": "self",
        }
        answer = self.door.expect(self.door.command("patients", said), 201)
        self.patient_id, self.patient_number = answer.body["id"], answer.body["number"]
        self.note("registered", answer, patient=self.patient_id)

    def _accept_messages(self, outside: Door) -> None:
        templates = [t["template_id"] for t in self.company.stage.credentials["message_templates"]]
        for template in templates:
            said = {"openid": self.openid, "template_id": template, "count": MOST_CREDITS}
            outside.expect(outside.command("/control/subscribe", said), 200)
        for chosen in [templates[:5], templates[5:]] * 3:
            if chosen:
                accepted = self.door.command(self.me("subscriptions"), {"accepted": chosen})
                self.door.expect(accepted, 201)
        self.note("accepted messages")

    def book(self, wanted: list[dict[str, Any]]) -> None:
        """Try the slots in turn until one has a place; each refusal is written down."""
        for slot in wanted:
            key = str(uuid.uuid4())
            said = {"slot_id": slot["id"], "patient_id": self.patient_id}
            answer = self.door.command("appointments", said, key=key)
            if answer.status == 201:
                self._hold(answer, slot)
                if self.plan is Plan.TAPS_TWICE:
                    self._tap_again(said, key=key)
                return
            if answer.code != "booking.slot_full":
                self.door.expect(answer, 201)
            self.note("told full", answer, slot=slot["id"])
        self.company.diaries.note_surprise("booking: nothing left for a patient")

    def _hold(self, answer: Answer, slot: dict[str, Any]) -> None:
        self.appointment, self.slot = answer.body, slot
        self.note(
            "place held",
            answer,
            appointment=answer.body["id"],
            slot=slot["id"],
            number=answer.body["number"],
            session=slot["session"],
        )

    def _tap_again(self, said: dict[str, str], *, key: str) -> None:
        again = self.door.expect(self.door.command("appointments", said, key=key), 201)
        if again.body["id"] != self.appointment["id"]:
            self.company.diaries.note_surprise("appointments: one key, two appointments")
        self.note("tapped twice", again, appointment=again.body["id"])

    def charges(self) -> list[dict[str, Any]]:
        """What is owed and what was paid, every page of it."""
        found: list[dict[str, Any]] = []
        url = "charges"
        while url:
            answer = self.door.expect(self.door.get(url), 200)
            found += answer.body["results"]
            url = answer.body["next"]
        return found

    def charge_for(self, purpose: str, subject_id: str = "") -> dict[str, Any] | None:
        """The open charge of a purpose."""
        return next(
            (
                one
                for one in self.charges()
                if one["purpose"] == purpose
                and one["status"] == "OPEN"
                and subject_id in {"", one["subject_id"]}
            ),
            None,
        )

    def pay(self, charge: dict[str, Any], *, step: str) -> None:
        """Pay in the wallet, and wait until the house knows."""
        asked = self.ask_to_pay(charge)
        self._wallet(asked, charge)
        payment = f"payments/{asked['id']}"
        checked = self.door.expect(self.door.command(f"{payment}/check"), 200)
        if checked.body["status"] != "SETTLED":
            self.company.until(
                "a settled payment",
                lambda: self.door.get(payment).body.get("status") == "SETTLED",
            )
        self.note(step, checked, charge=charge["id"], fen=charge["amount_fen"])

    def ask_to_pay(self, charge: dict[str, Any]) -> dict[str, Any]:
        """A payment with what the wallet needs."""
        key = str(uuid.uuid4())
        said = {"charge_ids": [charge["id"]]}
        answer = self.door.expect(self.door.command("payments", said, key=key), 201)
        if self.plan is Plan.TAPS_TWICE:
            again = self.door.expect(self.door.command("payments", said, key=key), 201)
            if again.body["id"] != answer.body["id"]:
                self.company.diaries.note_surprise("payments: one key, two payments")
        told: dict[str, Any] = answer.body
        return told

    def _wallet(self, asked: dict[str, Any], charge: dict[str, Any]) -> None:
        outside = self.company.outside()
        answer = outside.expect(outside.command("/control/pay", asked["client"]), 200)
        outside.close()
        self.paid.append(charge["id"])
        self.note(
            "wallet paid",
            answer,
            order=answer.body["out_trade_no"],
            charge=charge["id"],
            fen=asked["amount_fen"],
        )

    def settle(self) -> None:
        """Pay, or not, as planned."""
        if not self.appointment or self.plan in {Plan.LAPSES, Plan.PAYS_LATE}:
            return
        charge = self.company.until(
            "the fee", lambda: self.charge_for("appointment", self.appointment["id"])
        )
        self.pay(charge, step="appointment paid")
        self._look(expected="booked")
        if self.plan is Plan.CANCELS:
            self._cancel()

    def _look(self, *, expected: str) -> Answer:
        """The appointment as it is now."""
        address = f"appointments/{self.appointment['id']}"
        answer = self.door.expect(self.door.get(address), 200)
        if answer.body["status"] != expected:
            self.company.diaries.note_surprise(
                f"appointments: {answer.body['status']}, not {expected}"
            )
        self.note(f"appointment {answer.body['status']}", answer, appointment=answer.body["id"])
        return answer

    def _cancel(self) -> None:
        address = f"appointments/{self.appointment['id']}/cancel"
        answer = self.door.expect(self.door.command(address), 200)
        self.note("place given back", answer, appointment=self.appointment["id"])
