"""A person accepted subscription messages on the phone."""

from collections.abc import Sequence

from accounts.models import Account
from common import clock
from common.commands import action, write
from common.ids import new_id
from hospitals.models import MiniProgram
from notifications.models import Credit, Template


@action
def count_credits(*, account: Account, accepted: Sequence[str]) -> Account:
    """Each accepted template of WeChat's is worth one more message; unknown ones are ignored.

    So are those of a hospital that WeChat tells itself, by message push: its word counts there.
    """
    now = clock.now()
    told_by_wechat = MiniProgram.objects.filter(push_token__isnull=False).values("hospital_id")
    owners = dict(
        Template.objects.filter(wechat_template_id__in=accepted)
        .exclude(hospital_id__in=told_by_wechat)
        .values_list("wechat_template_id", "hospital_id")
    )

    for template_id in accepted:
        if template_id in owners:
            write(
                Credit(
                    id=new_id(),
                    hospital_id=owners[template_id],
                    account=account,
                    wechat_template_id=template_id,
                    change=1,
                    reason="accepted",
                    at=now,
                )
            )
    return account
