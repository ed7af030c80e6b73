"""The MLLP listener of one hospital: who may speak, what is kept, what is answered."""

import ipaddress
import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, connections

from common import clock
from common.ids import new_id
from hospitals.models import Hospital
from interop.actions.apply import apply_received
from interop.actions.receive import receive_hl7
from interop.hl7v2.acknowledge import Outcome, answer
from interop.hl7v2.segments import read_header
from interop.mllp import Limits, Server, Taken
from interop.models import Protocol, Sender, SenderAddress

log = logging.getLogger(__name__)
T = TypeVar("T")


def listener(hospital: Hospital, *, limits: Limits | None = None) -> Server[UUID]:
    """A server that keeps each frame before it answers, and applies it after."""
    return Server(
        known=lambda address: _alone(lambda: sender_at(address, hospital=hospital)),
        take=lambda sender_id, body: _alone(lambda: take(sender_id, body)),
        limits=limits or Limits(),
    )


def sender_at(address: str, *, hospital: Hospital) -> UUID | None:
    """The sender that connects from this address, if the hospital lets it speak."""
    peer = ipaddress.ip_address(address)
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped is not None:
        peer = peer.ipv4_mapped
    senders = Sender.objects.speaking(Protocol.HL7V2, hospital_id=hospital.pk)
    known = SenderAddress.objects.filter(
        hospital=hospital, address=str(peer), sender__in=senders
    ).first()  # fmt: skip
    return known.sender_id if known else None


def take(sender_id: UUID, body: bytes) -> Taken:
    """Keep the message and say so; where it cannot be kept, say that instead."""
    try:
        receipt = receive_hl7(sender=Sender.objects.get(pk=sender_id), body=body)
    except DatabaseError:
        log.exception("message not stored", extra={"sender_id": sender_id})
        return Taken(
            answer=answer(
                read_header(body),
                Outcome.NOT_TAKEN,
                control_id=new_id().hex[-20:],
                at=clock.local(clock.now()),
            )
        )
    return Taken(
        answer=receipt.answer,
        afterwards=lambda: _alone(lambda: _apply(receipt.received_id)),
    )


def _apply(received_id: UUID) -> None:
    """Apply what was stored; where that breaks off, the sweep tries again and the line stays."""
    try:
        apply_received(received_id=received_id)
    except Exception:
        log.exception("message not applied", extra={"received_id": received_id})


def _alone(work: Callable[[], T]) -> T:
    """Do the work of one thread and close the connections that it opened."""
    try:
        return work()
    finally:
        connections.close_all()
