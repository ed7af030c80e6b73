"""What of the money a machine cannot finish becomes a cashier's duty (收费处)."""

from datetime import timedelta

from accounts.models import Role
from common import clock
from notifications.actions.open_task import open_task
from notifications.models import Task
from payments.models import Notice, Refund

LOOK_AT_REFUND = "look_at_refund"  # it stuck on the way back: find out, and pay it otherwise
LOOK_AT_NOTICE = "look_at_notice"  # the provider's word does not fit what we asked for
DUE_AFTER = timedelta(days=1)


def hand_over_refund(refund: Refund, *, reason: str) -> None:
    """The cashiers owe the patient this refund now. Inside an action; again changes nothing."""
    open_task(
        role=Role.CASHIER,
        kind=LOOK_AT_REFUND,
        about=refund,
        patient=refund.charge.patient,
        reason=reason[:40],
        due_at=clock.now() + DUE_AFTER,
    )


def hand_over_notice(notice: Notice, *, reason: str) -> None:
    """The cashiers look at money that may have arrived. Inside an action."""
    open_task(
        role=Role.CASHIER,
        kind=LOOK_AT_NOTICE,
        about=notice,
        hospital=notice.hospital,
        reason=reason[:40],
        due_at=clock.now() + DUE_AFTER,
    )


def refund_title(_task: Task) -> str:
    """What a cashier reads on the list of duties."""
    return "退款受阻，请核实并另行退还"


def notice_title(_task: Task) -> str:
    """What a cashier reads on the list of duties."""
    return "支付通知与账单不符，请核对"
