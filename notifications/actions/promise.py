"""The hospital owes words to whoever may read them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from common import clock
from common.commands import action, write_unless_there
from common.ids import new_id
from common.jobs import nudge
from notifications.actions.open_task import SERVICE_CENTRE, TELL_IN_PERSON, open_task
from notifications.models import Grade, Message, Template, kind_of
from notifications.readers import readers_of
from notifications.wording import template_of
from notifications.words import is_silenced
from patients.models import Patient, Scope
from patients.people import is_deceased

WORTH_SAYING = timedelta(days=1)  # how long after it was due a message is still sent


@action
def promise_message(
    *,
    template: str,
    patient: Patient,
    about: models.Model,
    key: str = "",
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Owe the words of a template to every account that may read them; nothing is sent here.

    Promised again for the same `about` and `key`, it stays one; a withdrawn one stays withdrawn.
    Costs one SELECT a patient and scope. Without readers G1 and G2 are tasks, not for the deceased.
    """
    if is_silenced(patient.pk):
        return
    now = clock.now()
    when = due_at or now
    found = template_of(patient.hospital_id, template)
    readers = readers_of(patient.pk, Scope(found.scope)) if found else []

    for account_id in readers:
        message = _message(found, patient=patient, about=about, key=key, account_id=account_id)
        message.due_at, message.made_at = when, now
        message.expires_at = expires_at or when + WORTH_SAYING
        write_unless_there(message, columns=("hospital_id", "dedupe_key"))
    if readers and when <= now:
        nudge("deliver_messages")
    must_be_told = found is None or Grade(found.grade).ends_with_a_person
    if not readers and must_be_told and not is_deceased(patient):
        open_task(
            role=SERVICE_CENTRE,
            kind=TELL_IN_PERSON,
            patient=patient,
            about=about,
            key=key,
            due_at=when,
            template=template,
            reason="no_reader" if found else "no_template",
        )


def _message(
    template: Template | None, *, patient: Patient, about: models.Model, key: str, account_id: UUID
) -> Message:
    """The row, but for its times."""
    if template is None:
        raise ValueError("Only a template has readers.")
    return Message(
        id=new_id(),
        hospital_id=patient.hospital_id,
        account_id=account_id,
        patient=patient,
        template=template.code,
        grade=template.grade,
        about_id=about.pk,
        about_kind=kind_of(about),
        dedupe_key=f"{template.code}:{about.pk}:{key}:{account_id}",
    )
