"""A patient with a phone in the sandbox, and what the phone shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account, WeChatIdentity
from common import clock
from hospitals.models import MiniProgram
from notifications.actions.promise import promise_message
from notifications.models import Message
from notifications.words import words_for
from patients.models import Patient
from tests import make
from tests.sandbox.outside import Sandbox

KEY = "visit_reminder"  # the sandbox's template: department, time, advice
FIELDS = {"thing1": "department", "time2": "starts_at", "thing3": "=请带身份证，提前三十分钟签到"}
TEMPLATES = ("told", "told_again", "urgent", "nice")
facts: dict[str, str] = {}


def what_is_true(_message: Message) -> dict[str, str]:
    """An upper app's answer: whatever is true now."""
    if "broken" in facts:
        raise ValueError(facts["broken"])
    return facts | {"department": facts.get("department", "呼吸与危重症医学科")}


def register_words() -> None:
    """As an upper app does at start-up."""
    facts.clear()
    facts["starts_at"] = "2026-03-03 09:30"
    for code in TEMPLATES:
        words_for.answered_by(code, what_is_true)


@dataclass
class Phone:
    """One patient who is reached in the sandbox."""

    sandbox: Sandbox
    patient: Patient
    account: Account
    openid: str

    @classmethod
    def of_somebody(cls, sandbox: Sandbox, *, credits_left: int = 5) -> "Phone":
        """The sandbox's first person, registered with our hospital."""
        program, person = sandbox.credentials.apps[0], sandbox.credentials.people[0]
        hospital = make.hospital()
        MiniProgram.objects.create(hospital=hospital, app_id=program.app_id, secret=program.secret)
        account = make.account()
        WeChatIdentity.objects.create(account=account, app_id=program.app_id, openid=person.openid)
        register_words()
        phone = cls(
            sandbox, make.patient(hospital=hospital, account=account), account, person.openid
        )
        phone.accept(credits_left)
        return phone

    def accept(self, times: int) -> None:
        """The person takes so many messages more."""
        if times:
            asked = {"openid": self.openid, "template_id": self.template_id, "count": times}
            self.sandbox.control("subscribe", asked)

    @property
    def template_id(self) -> str:
        """WeChat's id of the template."""
        return self.sandbox.template(KEY)

    def template(self, code: str = "told", **said: Any) -> None:
        """The hospital says this through the sandbox's template."""
        usual: dict[str, Any] = {"wechat_template_id": self.template_id, "fields": FIELDS}
        make.template(hospital=self.patient.hospital, code=code, **{**usual, **said})

    def promise(
        self, code: str = "told", *, key: str = "", due_at: datetime | None = None
    ) -> Message:
        """A promised message."""
        promise_message(
            template=code, patient=self.patient, about=self.patient, key=key, due_at=due_at
        )
        return Message.objects.get(dedupe_key__startswith=f"{code}:{self.patient.pk}:{key}:")

    def shown(self) -> list[dict[str, Any]]:
        """What the phone got, oldest first."""
        messages: list[dict[str, Any]] = self.sandbox.control("messages")["messages"]
        return messages


def minutes_ago(minutes: int) -> datetime:
    """A moment before now."""
    return clock.now() - timedelta(minutes=minutes)
