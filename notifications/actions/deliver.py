"""Due messages are sent. Each network call stands between two commands, never inside one."""

import logging

from common import clock
from common.errors import DomainError
from notifications.actions.lease import lease_messages, mark_tried, release_messages
from notifications.actions.record import FIRST_PAUSE, Delivery, Try, record_delivery
from notifications.channels import CHANNELS, Answer, Telling, Verdict
from notifications.models import CONSENT_WITHDRAWN, Grade, Message
from notifications.readers import may_read
from notifications.wording import facts_of, template_of
from notifications.words import is_silenced
from patients.consents import has_withdrawn
from patients.models import ConsentPurpose, Scope

log = logging.getLogger(__name__)
BATCH = 20


def deliver_messages() -> int:
    """Send one batch of what is due; how many. None where nothing is due or the provider is away.

    A sweep: run it as often and in as many processes as you like.
    """
    leased = lease_messages(most=BATCH)
    is_marked = False
    for place, message in enumerate(leased):
        if not is_marked and not mark_tried(message=message):
            continue
        delivery = _deliver(message)
        if delivery.answer.verdict is Verdict.LATER:
            record_delivery(message=message, delivery=delivery, following=None)
            release_messages(keys=[one.pk for one in leased[place + 1 :]], pause=FIRST_PAUSE)
            return 0
        following = leased[place + 1] if place + 1 < len(leased) else None
        is_marked = record_delivery(message=message, delivery=delivery, following=following)
    return len(leased)


def _deliver(message: Message) -> Delivery:
    """Say it through the first channel that takes it."""
    template = template_of(message.hospital_id, message.template)
    if template is None:
        return Delivery(Answer(Verdict.REFUSED, "no_template"))
    hindrance = _hindrance(message, Scope(template.scope))
    if hindrance:
        return Delivery(Answer(Verdict.WITHDRAWN, hindrance))
    try:
        facts = facts_of(message)
    except DomainError as refusal:
        return Delivery(Answer(Verdict.WITHDRAWN, refusal.code[:40]))
    except Exception:  # one message whose words are broken must not keep the others waiting
        log.exception("words failed", extra={"message_id": message.pk})
        return Delivery(Answer(Verdict.REFUSED, "words_failed"))
    return _through_channels(Telling(message, template, facts))


def _hindrance(message: Message, scope: Scope) -> str:
    """Why this account may not be told, if so: a code."""
    if is_silenced(message.patient_id):
        return "silenced"
    if message.account_id not in may_read(message.patient_id, scope):
        return "not_granted"
    return CONSENT_WITHDRAWN if _is_unwanted(message) else ""


def _is_unwanted(message: Message) -> bool:
    """What must arrive (G1) always leaves; all else where reminders were not taken back."""
    return message.grade != Grade.G1 and has_withdrawn(
        message.account_id, message.hospital_id, purpose=ConsentPurpose.REMINDERS
    )


def _through_channels(telling: Telling) -> Delivery:
    """Each channel in turn, until one does not refuse."""
    delivery = Delivery(Answer(Verdict.REFUSED, "no_channel"), facts=dict(telling.facts))
    for name, channel in CHANNELS:
        started_at = clock.now()
        answer = channel(telling)
        if answer is None:
            continue
        delivery.answer = answer
        delivery.tries.append(Try(name, answer, started_at, ended_at=clock.now()))
        if answer.verdict is not Verdict.REFUSED:
            break
    return delivery
