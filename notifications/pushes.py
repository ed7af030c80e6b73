"""What follows when WeChat says what a person accepted, switched off, or did not get (wechat.md B).

Where message push is set up, WeChat's word counts and the phone's report does not
(`notifications.actions.count_credits`): each accept is counted once.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.pushes import Told
from common import clock
from common.commands import write
from common.ids import new_id
from notifications.actions.open_task import hand_over
from notifications.models import Attempt, Credit, Message, Template

ACCEPTED, REJECTED = "accept", "reject"
SENT_WITHIN = timedelta(minutes=10)  # ours: WeChat tells how a message went within seconds


def hear_popup(told: Told) -> None:
    """Each template that the person just accepted is worth one more message."""
    for item in told.items:
        if item.get("SubscribeStatusString") == ACCEPTED:
            _count(told, template_id=_template_in(item), change=1, reason="accepted")


def hear_change(told: Told) -> None:
    """Of a template that the person switched off no message is left."""
    for item in told.items:
        template_id = _template_in(item)
        if item.get("SubscribeStatusString") == REJECTED:
            for account_id in told.account_ids:
                left = Credit.objects.left(account_id).get(template_id, 0)
                _count(told, template_id=template_id, change=-left, reason="gone")


def hear_sent(told: Told) -> None:
    """A message that WeChat took and could not deliver is told by a person, if its grade asks."""
    for item in told.items:
        code = str(item.get("ErrorCode", "0"))
        if code == "0":
            continue
        for message in _just_sent(told, template_id=_template_in(item)):
            hand_over(message=message, reason=f"wechat.{code}"[:40])


def _template_in(item: dict[str, Any]) -> str:
    return str(item.get("TemplateId", ""))


def _just_sent(told: Told, *, template_id: str) -> list[Message]:
    """The message WeChat means: the last of this template that it took from us for this person."""
    codes = Template.objects.filter(
        hospital_id=told.mini_program.hospital_id, wechat_template_id=template_id
    ).values_list("code", flat=True)
    sent = Attempt.objects.filter(
        message__account_id__in=told.account_ids,
        message__hospital_id=told.mini_program.hospital_id,
        message__template__in=list(codes),
        message__status=Message.Status.SENT,
        channel="wechat",
        ended_at__gt=clock.now() - SENT_WITHIN,
    )
    latest = sent.select_related("message").order_by("-ended_at").first()
    return [latest.message] if latest else []


def _count(told: Told, *, template_id: str, change: int, reason: str) -> None:
    owner: UUID | None = (
        Template.objects.filter(
            hospital_id=told.mini_program.hospital_id, wechat_template_id=template_id
        )
        .values_list("hospital_id", flat=True)
        .first()
    )
    if owner is None or not change:
        return
    for account_id in told.account_ids:
        write(
            Credit(
                id=new_id(),
                hospital_id=owner,
                account_id=account_id,
                wechat_template_id=template_id,
                change=change,
                reason=reason,
                at=clock.now(),
            )
        )
