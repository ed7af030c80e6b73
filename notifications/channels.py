"""The ways a message leaves the house, tried in order. The in-app inbox is none: it has them all.

A channel is asked outside any transaction. It answers with a verdict, or None where it has
nothing to do with this message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from accounts.models import WeChatIdentity
from accounts.wechat import MiniProgramClient, ProviderRefused, ProviderUnreachable, wechat_of
from hospitals.models import MiniProgram
from notifications.errors import TemplateWrong
from notifications.models import Message, Template

CONSENT_GONE = 43101  # WeChat: the person takes no (more) messages of this template


class Verdict(Enum):
    """What came of a try."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # surely not sent, and never will be this way
    LATER = "later"  # surely not sent; the provider is away
    UNANSWERED = "unanswered"  # perhaps sent
    WITHDRAWN = "withdrawn"  # nobody may be told


@dataclass(frozen=True)
class Answer:
    """A channel's verdict and its code."""

    verdict: Verdict
    code: str


@dataclass(frozen=True)
class Telling:
    """One message with its words."""

    message: Message
    template: Template
    facts: Mapping[str, str]


Channel = Callable[[Telling], Answer | None]


def by_wechat(telling: Telling) -> Answer | None:
    """A subscription message (订阅消息) to the account's phone."""
    if not telling.template.wechat_template_id:
        return None
    hospital_id, account_id = telling.message.hospital_id, telling.message.account_id
    programs = list(MiniProgram.objects.filter(hospital_id=hospital_id))
    identity = WeChatIdentity.objects.filter(
        account_id=account_id, app_id__in=[program.app_id for program in programs]
    ).first()
    if identity is None:
        return Answer(Verdict.REFUSED, "wechat.stranger")
    program = next(one for one in programs if one.app_id == identity.app_id)
    return _sent(telling, client=wechat_of(program), openid=identity.openid)


def _sent(telling: Telling, *, client: MiniProgramClient, openid: str) -> Answer:
    """What WeChat answers."""
    template = telling.template
    answer = Answer(Verdict.ACCEPTED, "accepted")
    try:
        client.send_subscribe_message(
            openid=openid,
            template_id=template.wechat_template_id,
            fields=template.wechat_values(telling.facts),
            page=template.page,
        )
    except TemplateWrong:
        answer = Answer(Verdict.REFUSED, "wechat.field")
    except ProviderRefused as refusal:
        answer = Answer(Verdict.REFUSED, f"wechat.{refusal.code}")
    except ProviderUnreachable as trouble:
        answer = (
            Answer(Verdict.UNANSWERED, "wechat.unanswered")
            if trouble.may_have_acted
            else Answer(Verdict.LATER, "wechat.away")
        )
    return answer


CHANNELS: tuple[tuple[str, Channel], ...] = (("wechat", by_wechat),)
