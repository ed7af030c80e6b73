"""The provider's word is verified, stored as received, and then applied (通知)."""

import logging
from uuid import UUID

from common import clock
from common.commands import action, write_unless_there
from common.errors import DomainError
from common.ids import new_id
from common.jobs import FIRST_TRY_AGAIN, take_due
from hospitals.models import Merchant
from payments.actions.finish import finish_refund
from payments.actions.hand_over import hand_over_notice
from payments.actions.settle import settle_payment
from payments.errors import NoticeUnreadable, NoticeUnsought
from payments.models import Notice
from payments.transaction import RefundWord, Transaction
from payments.verifying import SignedNotice, open_envelope, unseal_resource, verify

log = logging.getLogger(__name__)


def receive_notice(*, merchant: Merchant, notice: SignedNotice) -> UUID:
    """The notice is stored, in a command of its own; twice received is once stored.

    Stores nothing of a forgery. Raises NoticeForged, NoticeUnreadable.
    """
    verify(merchant, notice)
    envelope = open_envelope(notice.body)
    unseal_resource(merchant.apiv3_key, envelope.resource)

    _store_notice(
        merchant=merchant,
        notice_id=envelope.notice_id,
        kind=envelope.kind,
        body=notice.body,
    )
    return Notice.objects.get(merchant=merchant, notice_id=envelope.notice_id).pk


@action
def _store_notice(*, merchant: Merchant, notice_id: str, kind: str, body: bytes) -> None:
    now = clock.now()
    write_unless_there(
        Notice(
            id=new_id(),
            hospital_id=merchant.hospital_id,
            merchant=merchant,
            notice_id=notice_id,
            kind=kind,
            body=body,
            received_at=now,
            apply_at=now + FIRST_TRY_AGAIN,
        ),
        columns=("merchant_id", "notice_id"),
    )


def apply_notice(*, notice_id: UUID) -> None:
    """What follows from a stored notice is done, or the notice refused with its reason.

    May run twice and at any time; a failure that is no refusal leaves it for the sweep.
    """
    try:
        _apply(notice_id=notice_id)
    except DomainError as refusal:
        if refusal.kind.name == "BUSY":
            raise
        part = refusal.facts.get("part") or refusal.facts.get("field") or ""
        _refuse(notice_id=notice_id, reason=f"{refusal.code} {part}".strip()[:60])


@action
def _apply(*, notice_id: UUID) -> None:
    notice = Notice.objects.select_related("merchant").get(pk=notice_id)
    if notice.status != Notice.Status.RECEIVED:
        return
    envelope = open_envelope(bytes(notice.body))
    told = unseal_resource(notice.merchant.apiv3_key, envelope.resource)
    if told.get("mchid") != notice.merchant.mchid:
        raise NoticeUnreadable(field="mchid")
    if notice.kind == "TRANSACTION.SUCCESS":
        transaction = Transaction.read(told)
        settle_payment(out_trade_no=transaction.out_trade_no, transaction=transaction)
    elif notice.kind.startswith("REFUND."):
        finish_refund(word=RefundWord.read(told), merchant=notice.merchant)
    else:
        raise NoticeUnsought(kind=notice.kind)
    _mark(notice_id=notice_id, status=Notice.Status.APPLIED, reason="")


@action
def _refuse(*, notice_id: UUID, reason: str) -> None:
    log.warning("a notice is refused", extra={"notice_id": notice_id, "code": reason})
    if _mark(notice_id=notice_id, status=Notice.Status.REFUSED, reason=reason):
        notice = Notice.objects.select_related("hospital").get(pk=notice_id)
        hand_over_notice(notice, reason=reason)


def _mark(*, notice_id: UUID, status: Notice.Status, reason: str) -> bool:
    """Move the notice on; False where a twin of this work did so before."""
    notice = Notice.objects.locked().get(pk=notice_id)
    if notice.status != Notice.Status.RECEIVED:
        return False
    notice.move_to(status, reason=reason)
    return True


def apply_notices() -> int:
    """One batch of what was stored and not applied; each failure waits longer for its next try."""
    due = take_due(Notice.objects.to_apply(clock.now()))
    for notice_id in due:
        try_to_apply(notice_id)
    return len(due)


def try_to_apply(notice_id: UUID) -> None:
    """Apply the notice; trouble is logged, and the sweep tries again."""
    try:
        apply_notice(notice_id=notice_id)
    except Exception:  # a bug in one answerer must not hold up the others' money
        log.exception("a notice waits", extra={"notice_id": notice_id})
