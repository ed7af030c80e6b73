"""A message arrives: it is kept as it came, and answered."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from common import clock
from common.commands import action, write_unless_there
from common.ids import new_id
from common.jobs import nudge
from interop.fhir.prescriptions import KIND as PRESCRIPTION
from interop.fhir.prescriptions import read_prescription
from interop.hl7v2.acknowledge import Outcome, answer
from interop.hl7v2.segments import LONGEST, Header, read, read_header
from interop.models import Received, Sender
from interop.unreadable import Unreadable

ONCE = ("hospital_id", "sender_id", "control_id", "digest")
CONTROL_ID_REUSED = "interop.control_id_reused"
OTHER_SENDER = "interop.other_sender"
TIMER = "apply_received"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was kept, and what the sender is told."""

    received_id: UUID
    is_first: bool  # False: the same message had come before
    trouble: Unreadable | None
    answer: bytes | None  # HL7 v2 alone


@action
def receive_hl7(*, sender: Sender, body: bytes) -> Receipt:
    """The message is stored, or was already; the receipt's answer says so.

    What cannot be read at all is stored as evidence and answered with an error. A control id
    that comes back with another body, or a message in another system's name, is stored and waits.
    """
    header, trouble = _envelope(sender, body)
    arrival = _Arrival(
        sender=sender,
        body=body,
        kind=header.kind if header else "",
        control_id=header.control_id if header else "",
        trouble=trouble,
        doubt=_doubt(sender, header),
    )

    received, is_first = _keep(arrival)
    said = answer(
        header,
        Outcome.FAULTY if trouble else Outcome.STORED,
        control_id=new_id().hex[-20:],
        at=clock.local(clock.now()),
        trouble=trouble,
    )
    return Receipt(received_id=received.pk, is_first=is_first, trouble=trouble, answer=said)


@action
def receive_prescription(*, sender: Sender, body: bytes) -> Receipt:
    """A MedicationRequest is stored, or was already; an unreadable one as evidence.

    A worker is asked to apply it soon.
    """
    trouble: Unreadable | None = None
    try:
        read_prescription(body, profile=sender.fhir_profile)
    except Unreadable as refusal:
        trouble = refusal

    received, is_first = _keep(
        _Arrival(sender=sender, body=body, kind=PRESCRIPTION, trouble=trouble)
    )  # fmt: skip
    if received.status == Received.Status.STORED:
        nudge(TIMER)
    return Receipt(received_id=received.pk, is_first=is_first, trouble=trouble, answer=None)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A message that stands at the door."""

    sender: Sender
    body: bytes
    kind: str
    control_id: str = ""
    trouble: Unreadable | None = None  # cannot be read
    doubt: str = ""  # can be read, but a person must look first

    @property
    def digest(self) -> str:
        """By which the same body is known again."""
        return hashlib.sha256(self.body).hexdigest()


def _envelope(sender: Sender, body: bytes) -> tuple[Header | None, Unreadable | None]:
    profile = sender.hl7_profile
    try:
        return read(body, profile=profile).header, None
    except Unreadable as refusal:
        return read_header(body, profile=profile), refusal


def _doubt(sender: Sender, header: Header | None) -> str:
    if header is None:
        return ""
    named = (header.sender.application, header.sender.facility)
    agreed = (sender.application or named[0], sender.facility or named[1])
    return "" if named == agreed else OTHER_SENDER


def _keep(arrival: _Arrival) -> tuple[Received, bool]:
    """The row of the message, and whether it is new."""
    control_id = arrival.control_id[:LONGEST]
    before = Received.objects.filter(
        hospital_id=arrival.sender.hospital_id,
        sender=arrival.sender,
        control_id__in={control_id, ""},  # empty: it could not be read then
    )
    known = before.filter(digest=arrival.digest).first()
    if known is not None:
        return _again(known, arrival), False
    doubt = arrival.doubt
    twins = before.filter(control_id=control_id).exclude(status=Received.Status.REFUSED)
    if control_id and twins.exists():
        doubt = doubt or CONTROL_ID_REUSED
    row = Received(
        hospital_id=arrival.sender.hospital_id,
        sender=arrival.sender,
        protocol=arrival.sender.protocol,
        kind=arrival.kind[:40],
        control_id=control_id,
        digest=arrival.digest,
        body=arrival.body,
        status=_first_status(arrival, doubt=doubt),
        reason=arrival.trouble.code if arrival.trouble else doubt,
        place=arrival.trouble.where[:120] if arrival.trouble else "",
        received_at=clock.now(),
    )
    write_unless_there(row, columns=ONCE)
    return row, True


def _first_status(arrival: _Arrival, *, doubt: str) -> Received.Status:
    if arrival.trouble is not None:
        return Received.Status.REFUSED
    return Received.Status.WAITING if doubt else Received.Status.STORED


def _again(known: Received, arrival: _Arrival) -> Received:
    """What was refused once and can be read today, by a better profile, is taken up."""
    if known.status != Received.Status.REFUSED or arrival.trouble is not None:
        return known
    locked = Received.objects.locked().get(pk=known.pk)
    if locked.status == Received.Status.REFUSED:
        locked.move_to(
            Received.Status.STORED,
            reason="",
            place="",
            kind=arrival.kind,
            control_id=arrival.control_id,
        )
    return locked
