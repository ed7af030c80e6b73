"""What came of sending one message is written down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common import clock
from common.commands import action, write
from common.ids import new_id
from notifications.actions.lease import mark_tried
from notifications.actions.open_task import hand_over
from notifications.channels import CONSENT_GONE, Answer, Verdict
from notifications.models import WITHDRAWN, Attempt, Credit, Message
from notifications.wording import template_of

FIRST_PAUSE = timedelta(seconds=30)  # doubled with each lease
LONGEST_PAUSE = timedelta(minutes=30)
NO_ANSWER = "no_answer"  # the sender never came back
UNANSWERED = frozenset({NO_ANSWER, "wechat.unanswered"})  # outcomes after which nobody knows

ENDS = {
    Verdict.ACCEPTED: Message.Status.SENT,
    Verdict.WITHDRAWN: Message.Status.WITHDRAWN,
    Verdict.REFUSED: Message.Status.REFUSED,
    Verdict.LATER: Message.Status.QUEUED,
    Verdict.UNANSWERED: Message.Status.UNKNOWN,
}


@dataclass(frozen=True)
class Try:
    """One channel's answer, and when."""

    channel: str
    answer: Answer
    started_at: datetime
    ended_at: datetime


@dataclass
class Delivery:
    """What was said, through which channels, and how it ended."""

    answer: Answer
    facts: dict[str, str] | None = None
    tries: list[Try] = field(default_factory=list)


@action
def record_delivery(*, message: Message, delivery: Delivery, following: Message | None) -> bool:
    """The attempts stand and the message moves; true where the call for `following` may leave.

    An answer that comes after the lease ran out moves the message only from UNKNOWN to SENT.
    """
    held = Message.objects.locked().get(pk=message.pk)
    for one in delivery.tries:
        write(_attempt(message, one))
        _count_credit(message, one)
    if held.attempts == message.attempts and held.status == Message.Status.SENDING:
        _settle(held, delivery)
    elif held.attempts == message.attempts and delivery.answer.verdict is Verdict.ACCEPTED:
        held.move_to(Message.Status.SENT, facts=delivery.facts, reason="late")
    return following is not None and mark_tried(message=following)


def _attempt(message: Message, one: Try) -> Attempt:
    return Attempt(
        id=new_id(),
        hospital_id=message.hospital_id,
        message=message,
        number=message.attempts,
        channel=one.channel,
        started_at=one.started_at,
        ended_at=one.ended_at,
        outcome=one.answer.code,
    )


def _settle(message: Message, delivery: Delivery) -> None:
    """Move a message whose lease is still ours. One withdrawn meanwhile is not said again."""
    is_true = message.reason != WITHDRAWN
    verdict = delivery.answer.verdict
    if verdict is Verdict.LATER and not is_true:
        verdict = Verdict.WITHDRAWN
    told: dict[str, Any] = {"lease_until": None, "reason": delivery.answer.code}
    if delivery.facts is not None:
        told["facts"] = delivery.facts
    if verdict is Verdict.LATER:
        told["due_at"] = clock.now() + pause_after(message.attempts)
        told["facts"] = None  # they may change until it is said
    message.move_to(ENDS[verdict], **told)
    if is_true and verdict is Verdict.REFUSED:
        hand_over(message=message, reason=delivery.answer.code)
    elif is_true and verdict is Verdict.UNANSWERED:
        follow_unknown(message=message)


def pause_after(attempts: int) -> timedelta:
    """How long to leave a provider alone that was away."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)


def follow_unknown(*, message: Message) -> None:
    """Of a message nobody answered for: say it once more where its template allows, or hand over.

    At-least-once templates are sent twice at most; all others once.
    """
    template = template_of(message.hospital_id, message.template)
    before = Attempt.objects.filter(
        message=message, number__lt=message.attempts, outcome__in=UNANSWERED
    )
    if template is not None and template.at_least_once and not before.exists():
        message.move_to(Message.Status.QUEUED, due_at=clock.now())
    else:
        hand_over(message=message, reason="unanswered")


def _count_credit(message: Message, one: Try) -> None:
    """A credit was spent, or all we thought were left are gone."""
    template = template_of(message.hospital_id, message.template)
    if template is None or one.channel != "wechat":
        return
    if one.answer.verdict is Verdict.ACCEPTED:
        change, reason = -1, "sent"
    elif one.answer.code == f"wechat.{CONSENT_GONE}":
        left = Credit.objects.left(message.account_id).get(template.wechat_template_id, 0)
        change, reason = -left, "gone"
    else:
        return
    if change:
        write(
            Credit(
                id=new_id(),
                hospital_id=message.hospital_id,
                account_id=message.account_id,
                wechat_template_id=template.wechat_template_id,
                change=change,
                reason=reason,
                message=message,
                at=one.ended_at,
            )
        )
