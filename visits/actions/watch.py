"""Unusual reading is laid before the auditor, once."""

from datetime import datetime

from accounts.models import Role
from common import clock
from common.commands import action, write_unless_there
from common.ids import new_id
from hospitals.models import Hospital
from notifications.actions.open_task import open_task
from patients.models import REVIEW_WITHIN, AccessFinding
from visits.unusual import RULES, Unusual

LOOK_AT_FINDING = "look_at_finding"  # the auditor's task


def watch_access() -> int:
    """What the rules find and nobody has found yet today; how many. A sweep."""
    now = clock.now()
    found = 0
    for hospital in Hospital.objects.order_by("pk"):
        unusual = [one for rule in RULES for one in rule(hospital, now)]
        found += _note(hospital, unusual, now=now) if unusual else 0
    return found


@action
def _note(hospital: Hospital, unusual: list[Unusual], *, now: datetime) -> int:
    """A finding with its task for each that has none today."""
    on = clock.local(now).date()
    by_key = {f"{one.rule}:{one.staff_id}:{one.patient_id or ''}:{on}": one for one in unusual}
    known = AccessFinding.objects.filter(hospital=hospital, dedupe_key__in=by_key)
    for key in known.values_list("dedupe_key", flat=True):
        del by_key[key]
    for key, one in by_key.items():
        finding = AccessFinding(
            id=new_id(),
            hospital=hospital,
            staff_id=one.staff_id,
            patient_id=one.patient_id,
            rule=one.rule,
            on=on,
            count=one.count,
            dedupe_key=key,
            made_at=now,
        )
        write_unless_there(finding, columns=("hospital_id", "dedupe_key"))
        open_task(
            role=Role.AUDITOR,
            kind=LOOK_AT_FINDING,
            about=finding,
            hospital=hospital,
            due_at=now + REVIEW_WITHIN,
        )
    return len(by_key)
