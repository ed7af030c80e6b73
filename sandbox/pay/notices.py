"""Notices (通知): what WeChat Pay owes the product, sealed once, kept until acknowledged."""

import json
import uuid

from sandbox.clock import rfc3339
from sandbox.credentials import Merchant
from sandbox.pay.signatures import encrypt_resource
from sandbox.world import World

KINDS: dict[str, tuple[str, str]] = {
    "TRANSACTION.SUCCESS": ("transaction", "支付成功"),
    "REFUND.SUCCESS": ("refund", "退款成功"),
}


def merchant_with(world: World, mchid: str) -> Merchant:
    """The merchant with this number."""
    return next(one for one in world.credentials.merchants if one.mchid == mchid)


def queue_notice(
    world: World, *, mchid: str, event: str, about: str, url: str, content: dict[str, object]
) -> None:
    """The notice is owed; faults decide here what will go wrong with it."""
    kind, summary = KINDS[event]
    notice_id = str(uuid.uuid4())
    now = world.clock.shown()
    plaintext = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    envelope = {
        "id": notice_id,
        "create_time": rfc3339(now),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": summary,
        "resource": encrypt_resource(merchant_with(world, mchid), plaintext, kind=kind),
    }
    late = world.faults.take("late_notify", event=event)
    world.store.run(
        "INSERT INTO notices (notice_id, mchid, event, about, url, body, state, created_at,"
        " due_at, copies_left, probes_left) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        notice_id,
        mchid,
        event,
        about,
        url,
        json.dumps(envelope, ensure_ascii=False, separators=(",", ":")),
        "LOST" if world.faults.take("lost_notify", event=event) else "PENDING",
        now,
        now + (late.seconds if late else 0.0),
        1 if world.faults.take("duplicate_notify", event=event) else 0,
        1 if world.faults.take("signtest_notify", event=event) else 0,
    )
    world.wake.set()
