"""A person must finish what a machine cannot."""

from datetime import datetime

from django.db import models

from accounts.models import Role
from common import clock
from common.commands import action, write_unless_there
from common.ids import new_id
from hospitals.models import Hospital
from notifications.models import Grade, Message, Task, kind_of
from patients.models import Patient

TELL_IN_PERSON = "tell_in_person"  # call, and say what the template says
SERVICE_CENTRE = Role.BOOKING_OFFICE  # 患者服务中心 (S0-14) sits with the booking office


@action
def open_task(  # noqa: PLR0913 - a duty has this many sides
    *,
    role: Role,
    kind: str,
    about: models.Model,
    due_at: datetime,
    patient: Patient | None = None,
    hospital: Hospital | None = None,
    key: str = "",
    template: str = "",
    reason: str = "",
) -> Task:
    """Put a duty on the list of a role; opened again for the same `about` and `key`, it stays one.

    The hospital is the patient's, or else `hospital`.
    """
    place = patient.hospital_id if patient else hospital.pk if hospital else None
    if place is None:
        raise TypeError("A task belongs to a hospital: pass patient=… or hospital=….")
    task = Task(
        id=new_id(),
        hospital_id=place,
        role=role,
        kind=kind,
        patient=patient,
        about_id=about.pk,
        about_kind=kind_of(about),
        template=template,
        reason=reason,
        dedupe_key=f"{kind}:{template}:{about.pk}:{key}",
        due_at=due_at,
        made_at=clock.now(),
    )
    write_unless_there(task, columns=("hospital_id", "dedupe_key"))
    return task


@action
def hand_over(*, message: Message, reason: str) -> None:
    """A message that no channel carried is told by a person, where its grade asks for that.

    One task for the event, however many accounts it did not reach.
    """
    if not Grade(message.grade).ends_with_a_person:
        return
    now = clock.now()
    event, _, _account = message.dedupe_key.rpartition(":")
    task = Task(
        id=new_id(),
        hospital_id=message.hospital_id,
        role=SERVICE_CENTRE,
        kind=TELL_IN_PERSON,
        patient_id=message.patient_id,
        about_id=message.about_id,
        about_kind=message.about_kind,
        template=message.template,
        reason=reason,
        dedupe_key=f"{TELL_IN_PERSON}:{event}",
        due_at=now,
        made_at=now,
    )
    write_unless_there(task, columns=("hospital_id", "dedupe_key"))
