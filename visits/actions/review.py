"""Another person judges what was read: urgent readings, and what was unusual."""

from uuid import UUID

from django.db import models

from accounts.models import Role, Staff
from common import clock
from common.commands import action
from common.jobs import sweep_each
from notifications.actions.open_task import open_task
from notifications.models import Task
from patients.models import REVIEW_WITHIN, AccessFinding, BreakGlass
from visits.errors import FindingUnknown, GlassUnknown, OwnReading

ESCALATED = "review_overdue"  # the manager's task
FOLLOW_UP = "follow_up_reading"  # likewise, where reading was not in order
BATCH = 50


@action
def review_break_glass(
    *, glass_id: UUID, reviewer: Staff, is_justified: bool, words: str
) -> BreakGlass:
    """The urgent reading is judged, and the duties about it are done. Never by its reader.

    What was not justified becomes the manager's task. Raises GlassUnknown, OwnReading,
    MoveRefused.
    """
    glasses = BreakGlass.objects.filter(hospital_id=reviewer.hospital_id)
    glass = glasses.locked().filter(pk=glass_id).first()
    if glass is None:
        raise GlassUnknown(glass_id=glass_id)
    if glass.staff_id == reviewer.pk:
        raise OwnReading(glass_id=glass_id)

    verdict = BreakGlass.Status.JUSTIFIED if is_justified else BreakGlass.Status.UNJUSTIFIED
    glass.move_to(
        verdict, reviewed_by=reviewer, reviewed_at=clock.now(), review_words=words.strip()
    )
    _close_tasks(glass, reviewer=reviewer, evidence=glass.get_status_display())
    if not is_justified:
        _hand_to_manager(glass, kind=FOLLOW_UP)
    return glass


@action
def close_finding(
    *, finding_id: UUID, reviewer: Staff, is_explained: bool, words: str
) -> AccessFinding:
    """What was unusual is explained or confirmed. Never by whom it is about.

    Raises FindingUnknown, OwnReading, MoveRefused.
    """
    findings = AccessFinding.objects.filter(hospital_id=reviewer.hospital_id)
    finding = findings.locked().filter(pk=finding_id).first()
    if finding is None:
        raise FindingUnknown(finding_id=finding_id)
    if finding.staff_id == reviewer.pk:
        raise OwnReading(finding_id=finding_id)

    verdict = AccessFinding.Status.EXPLAINED if is_explained else AccessFinding.Status.CONFIRMED
    finding.move_to(verdict, closed_by=reviewer, closed_at=clock.now(), words=words.strip())
    _close_tasks(finding, reviewer=reviewer, evidence=finding.get_status_display())
    if not is_explained:
        _hand_to_manager(finding, kind=FOLLOW_UP)
    return finding


def _close_tasks(about: BreakGlass | AccessFinding, *, reviewer: Staff, evidence: str) -> None:
    """The duties to judge it; one to tell the patient has a template, and stays."""
    for task in Task.objects.about(about).open().filter(template="").locked():
        task.move_to(Task.Status.DONE, owner=reviewer, evidence=evidence, done_at=clock.now())


def _hand_to_manager(about: BreakGlass | AccessFinding, *, kind: str) -> None:
    open_task(
        role=Role.MANAGER,
        kind=kind,
        about=about,
        hospital=about.hospital,
        due_at=clock.now() + REVIEW_WITHIN,
    )


def escalate_reviews() -> int:
    """The manager hears of urgent readings that nobody has judged in time. A sweep."""
    overdue = BreakGlass.objects.unreviewed().filter(made_at__lte=clock.now() - REVIEW_WITHIN)
    told = Task.objects.filter(about_id=models.OuterRef("pk"), kind=ESCALATED)
    due = overdue.exclude(models.Exists(told)).order_by("made_at", "pk")
    return sweep_each(due, _escalate, batch=BATCH)


@action
def _escalate(glass_id: UUID) -> bool:
    """One task for the manager, unless it was judged meanwhile."""
    glass = BreakGlass.objects.locked().filter(pk=glass_id).select_related("hospital").first()
    if glass is None or glass.status != BreakGlass.Status.OPEN:
        return False
    _hand_to_manager(glass, kind=ESCALATED)
    return True
