"""What an account can read in the app (站内消息), however it was delivered."""

import logging
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from common import clock
from common.fields import ERASED_TEXT, Erased
from hospitals.models import Hospital
from notifications.models import Message, MessageQuerySet, Task, Template
from notifications.wording import facts_of, template_of
from notifications.words import task_title
from patients.models import Grant, Patient, Scope

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """A message in words."""

    title: str
    text: str


class Inbox:
    """One account's messages about those for whom it may act now."""

    def __init__(self, account_id: UUID) -> None:
        self.account_id = account_id

    @cached_property
    def grants(self) -> dict[UUID, Grant]:
        """The account's valid grants, by patient; each covers whoever was joined with theirs."""
        valid = Grant.objects.valid(clock.now()).of_account(self.account_id)
        mine = list(valid.select_related("patient"))
        leading = {one.patient.joined_to_id: one for one in mine if one.patient.joined_to_id}
        joined = Patient.objects.filter(joined_to__in=leading)  # none asked where none are
        covered = {key: leading[lead] for key, lead in joined.values_list("pk", "joined_to_id")}
        return {**covered, **{one.patient_id: one for one in mine}}

    def messages(self, hospital: Hospital | None = None) -> MessageQuerySet:
        """Everything that was due, in one hospital or in all."""
        rows = Message.objects.in_inbox(self.account_id, now=clock.now())
        rows = rows.filter(patient_id__in=list(self.grants)).select_related("hospital", "patient")
        return rows if hospital is None else rows.filter(hospital=hospital)

    def unread(self, hospital: Hospital) -> int:
        """How many of them nobody has read."""
        return self.messages(hospital).filter(read_at=None).count()

    def shown(self, message: Message) -> Shown:
        """In words; without its text where the account may no longer read such a thing."""
        template = template_of(message.hospital_id, message.template)
        if template is None:
            return Shown("消息", "")
        grant = self.grants.get(message.patient_id)
        may_read = grant is not None and grant.allows(Scope(template.scope))
        return Shown(template.title, told(template, message) if may_read else "")


def told(template: Template, message: Message) -> str:
    """What was said, or would be said now; nothing where the words cannot be had."""
    try:
        facts = message.facts if message.facts is not None else facts_of(message)
        if isinstance(facts, Erased):
            return ERASED_TEXT
    except Exception:  # a list is shown even where one of its rows has lost its words
        log.exception("words failed", extra={"message_id": message.pk})
        return ""
    return template.told(facts)


def call_and_tell(_task: Task) -> str:
    """The title of a task that stands for a message."""
    return "电话告知患者"


def shown_task(task: Task) -> Shown:
    """What a person is to do, and to say where the task stands for a message."""
    title = task_title.ask(task.kind)(task) if task.kind in task_title else task.kind
    template = template_of(task.hospital_id, task.template) if task.template else None
    if template is None or task.patient is None:
        return Shown(title, "")
    unsent = Message(
        hospital=task.hospital,
        patient=task.patient,
        template=task.template,
        about_id=task.about_id,
        about_kind=task.about_kind,
    )
    return Shown(title, told(template, unsent))
