"""Stored as it came, acknowledged, applied, waiting, replayed: nothing lost, nothing twice."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import connection

from common import clock
from common.errors import DomainError, Kind, MoveRefused
from hospitals.models import Hospital
from interop.actions.apply import MOST_ATTEMPTS, apply_due_messages, apply_received
from interop.actions.introduce import Introduction, introduce_sender
from interop.actions.receive import receive_hl7
from interop.actions.replay import dismiss, replay
from interop.errors import AddressTaken, ProfileUnknown, ReceivedUnknown, StillUnreadable
from interop.kinds import when_received
from interop.models import Protocol, Received, Sender
from interop.unreadable import Reason, Unreadable
from tests.interop import reading
from tests.make.hospitals import hospital as make_hospital
from tests.make.interop import hl7_sender

pytestmark = pytest.mark.django_db
Status = Received.Status


class NotHere(DomainError):
    """The patient of a test is not registered."""

    code = "tests.not_here"
    kind = Kind.MISSING


class Later(DomainError):
    """The rows of a test are taken for a moment."""

    code = "tests.later"
    kind = Kind.BUSY


@dataclass
class Desk:
    """Applies messages of a kind that only tests know, as the test tells it to."""

    refusal: Exception | None = None
    done: list[str] = field(default_factory=list)


DESK = Desk()
KIND = b"ZZA^Z01"


def apply_at_desk(received: Received) -> UUID | None:
    """Write first, then refuse: what was written must not stay."""
    Hospital.objects.filter(pk=received.hospital_id).update(address="somewhere else")
    if DESK.refusal is not None:
        raise DESK.refusal
    DESK.done.append(received.message().control_id)
    return received.hospital_id


when_received(KIND.decode(), apply_at_desk)


@pytest.fixture
def desk() -> Desk:
    """The desk, with nothing on it."""
    DESK.refusal = None
    DESK.done.clear()
    return DESK


@pytest.fixture
def sender() -> Sender:
    """The hospital information system."""
    return hl7_sender()


def arrive(sender: Sender, body: bytes) -> Received:
    """A message is received."""
    receipt = receive_hl7(sender=sender, body=body)
    return Received.objects.get(pk=receipt.received_id)


def applied(received: Received) -> Received:
    """The message after an attempt to apply it."""
    after = apply_received(received_id=received.pk)
    assert after is not None
    return after


def for_desk(*, control_id: bytes = b"HIS-0001") -> bytes:
    """A message that the desk applies."""
    body = reading.body("orm_new").replace(b"ORM^O01^ORM_O01", KIND)
    return body.replace(b"HIS-0001", control_id)


def address_of(sender: Sender) -> str:
    """The trace that the desk leaves."""
    return Hospital.objects.get(pk=sender.hospital_id).address


def test_a_message_is_kept_byte_for_byte_and_unreadable_at_rest(sender: Sender) -> None:
    received = arrive(sender, reading.body("orm_new"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM interop_received")
        (stored,) = cursor.fetchone()

    assert bytes(received.body) == reading.body("orm_new")
    assert (received.status, received.kind) == (Status.STORED, "ORM^O01")
    assert (received.control_id, received.received_at) == ("HIS-0001", clock.now())
    assert b"HIS-0001" not in bytes(stored)


def test_a_stored_message_is_accepted(sender: Sender) -> None:
    receipt = receive_hl7(sender=sender, body=reading.body("orm_new"))

    assert receipt.answer is not None
    assert b"MSA|AA|HIS-0001\r" in receipt.answer


def test_a_message_that_comes_twice_is_accepted_twice_and_kept_once(sender: Sender) -> None:
    first = receive_hl7(sender=sender, body=reading.body("orm_new"))
    second = receive_hl7(sender=sender, body=reading.body("orm_new"))

    assert (first.is_first, second.is_first) == (True, False)
    assert second.received_id == first.received_id
    assert second.answer is not None
    assert b"MSA|AA|HIS-0001\r" in second.answer
    assert Received.objects.count() == 1


def test_a_control_id_with_another_body_waits(sender: Sender) -> None:
    arrive(sender, reading.body("orm_new"))
    other = arrive(sender, reading.body("orm_cancel").replace(b"HIS-0002", b"HIS-0001"))

    assert (other.status, other.reason) == (Status.WAITING, "interop.control_id_reused")


def test_the_same_control_id_of_another_system_is_another_message(sender: Sender) -> None:
    lis = hl7_sender(hospital=sender.hospital, code="lis", address="127.0.0.2")
    arrive(sender, reading.body("orm_new"))

    assert arrive(lis, reading.body("orm_new")).status == Status.STORED


def test_a_message_in_another_systems_name_waits() -> None:
    sender = hl7_sender(application="LIS")

    received = arrive(sender, reading.body("orm_new"))

    assert (received.status, received.reason) == (Status.WAITING, "interop.other_sender")


def test_what_cannot_be_read_is_kept_as_evidence_and_answered_with_an_error(
    sender: Sender,
) -> None:
    receipt = receive_hl7(sender=sender, body=reading.body("broken_line"))
    received = Received.objects.get(pk=receipt.received_id)

    assert (received.status, received.reason) == (Status.REFUSED, "interop.broken_line")
    assert received.place == "line 5"
    assert bytes(received.body) == reading.body("broken_line")
    assert receipt.answer is not None
    assert b"MSA|AE|LIS-0004\rERR|||102^interop.broken_line^HL70357|E\r" in receipt.answer


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"hello", b"MSH|", b"{}"])
def test_noise_is_kept_and_answered(sender: Sender, body: bytes) -> None:
    receipt = receive_hl7(sender=sender, body=body)

    assert receipt.answer is not None
    assert b"MSA|AE" in receipt.answer
    assert bytes(Received.objects.get().body) == body


def test_the_work_of_a_message_is_done_once(sender: Sender, desk: Desk) -> None:
    received = arrive(sender, for_desk())

    first = applied(received)
    second = applied(received)

    assert (first.status, second.status) == (Status.APPLIED, Status.APPLIED)
    assert (first.applied_at, first.subject_id) == (clock.now(), sender.hospital_id)
    assert desk.done == ["HIS-0001"]


def test_a_kind_that_nobody_applies_waits(sender: Sender) -> None:
    body = reading.body("orm_new").replace(b"ORM^O01^ORM_O01", b"ZZZ^Z99")

    received = applied(arrive(sender, body))

    assert (received.status, received.reason) == (Status.WAITING, "interop.kind_unsupported")


@pytest.mark.parametrize(
    ("refusal", "reason", "place"),
    [
        (NotHere(), "tests.not_here", ""),
        (Unreadable(Reason.STATUS, where="OBX-11"), "interop.status", "OBX-11"),
    ],
)
def test_a_refused_message_waits_with_its_reason_and_has_changed_nothing(
    sender: Sender, desk: Desk, refusal: Exception, reason: str, place: str
) -> None:
    before = address_of(sender)
    desk.refusal = refusal

    received = applied(arrive(sender, for_desk()))

    assert (received.status, received.reason, received.place) == (Status.WAITING, reason, place)
    assert address_of(sender) == before


def test_a_refusal_that_will_pass_leaves_the_message_due(sender: Sender, desk: Desk) -> None:
    received = arrive(sender, for_desk())
    desk.refusal = Later()

    assert applied(received).status == Status.STORED
    desk.refusal = None
    assert apply_due_messages() == 1
    assert desk.done == ["HIS-0001"]


def test_a_message_whose_work_keeps_breaking_off_waits(sender: Sender, desk: Desk) -> None:
    received = arrive(sender, for_desk())
    Received.objects.filter(pk=received.pk).update(attempts=MOST_ATTEMPTS)

    after = applied(received)

    assert (after.status, after.reason) == (Status.WAITING, "interop.broke_off")
    assert desk.done == []


def test_what_a_dead_process_left_behind_is_swept_up(sender: Sender, desk: Desk) -> None:
    arrive(sender, for_desk())
    arrive(sender, for_desk(control_id=b"HIS-0002"))

    assert apply_due_messages() == 2
    assert apply_due_messages() == 0
    assert desk.done == ["HIS-0001", "HIS-0002"]


def test_a_waiting_message_is_replayed_as_it_came(sender: Sender, desk: Desk) -> None:
    desk.refusal = NotHere()
    received = applied(arrive(sender, for_desk()))
    desk.refusal = None

    after = replay(hospital=sender.hospital, received_id=received.pk)

    assert (after.status, after.reason) == (Status.APPLIED, "")
    assert desk.done == ["HIS-0001"]


def test_an_applied_message_is_not_replayed(sender: Sender, desk: Desk) -> None:
    received = applied(arrive(sender, for_desk()))

    with pytest.raises(MoveRefused):
        replay(hospital=sender.hospital, received_id=received.pk)

    assert desk.done == ["HIS-0001"]


def test_another_hospitals_message_is_not_there(sender: Sender) -> None:
    received = applied(arrive(sender, reading.body("orm_new").replace(b"ORM^O01^", b"ZZZ^Z99^")))

    with pytest.raises(ReceivedUnknown):
        replay(hospital=make_hospital(), received_id=received.pk)
    with pytest.raises(ReceivedUnknown):
        dismiss(hospital=make_hospital(), received_id=received.pk)

    received.refresh_from_db()
    assert received.status == Status.WAITING


def test_evidence_stays_refused_while_nobody_can_read_it(sender: Sender) -> None:
    received = arrive(sender, b"PID|1||7")

    with pytest.raises(StillUnreadable):
        replay(hospital=sender.hospital, received_id=received.pk)

    received.refresh_from_db()
    assert received.status == Status.REFUSED


def test_what_a_better_profile_reads_is_taken_up_when_it_comes_again(sender: Sender) -> None:
    body = for_desk().decode().replace("|UNICODE UTF-8", "").encode("gb18030")
    refused = arrive(sender, body)
    hl7_sender(hospital=sender.hospital, profile_name="chinese_lis_gb")
    sender.refresh_from_db()

    again = arrive(sender, body)

    assert (refused.status, refused.reason) == (Status.REFUSED, "interop.charset")
    assert (again.pk, again.status, again.reason) == (refused.pk, Status.STORED, "")
    assert (again.kind, again.control_id) == ("ZZA^Z01", "HIS-0001")


def test_a_message_set_aside_stays_and_is_not_listed(sender: Sender) -> None:
    received = arrive(sender, b"hello")
    assert list(Received.objects.of_hospital(sender.hospital_id).to_look_at()) == [received]

    dismiss(hospital=sender.hospital, received_id=received.pk)

    assert not Received.objects.of_hospital(sender.hospital_id).to_look_at().exists()
    assert bytes(Received.objects.get(pk=received.pk).body) == b"hello"


def test_introducing_a_system_again_replaces_what_was_agreed(sender: Sender) -> None:
    again = hl7_sender(hospital=sender.hospital, profile_name="chinese_lis", address="192.0.2.7")

    assert again.pk == sender.pk
    assert again.profile_name == "chinese_lis"
    assert [one.address for one in again.senderaddress_set.all()] == ["192.0.2.7"]


def test_one_address_belongs_to_one_system(sender: Sender) -> None:
    with pytest.raises(AddressTaken):
        hl7_sender(hospital=sender.hospital, code="lis")

    assert Sender.objects.count() == 1


def test_a_dialect_that_nobody_wrote_is_refused() -> None:
    stranger = Introduction(
        code="x", name="x", protocol=Protocol.HL7V2, profile_name="fhir_by_reference"
    )

    with pytest.raises(ProfileUnknown):
        introduce_sender(hospital=make_hospital(), introduction=stranger)


def test_a_message_that_breaks_off_keeps_no_other_waiting(sender: Sender, desk: Desk) -> None:
    unreadable_here = sender_of_no_profile(sender)
    first = arrive(unreadable_here, for_desk(control_id=b"HIS-0007"))
    second = arrive(sender, for_desk())
    Sender.objects.filter(pk=unreadable_here.pk).update(profile_name="gone")

    dealt = apply_due_messages()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (dealt, first.status, second.status) == (1, Status.STORED, Status.APPLIED)


def sender_of_no_profile(sender: Sender) -> Sender:
    """Another system of the hospital, whose profile a later release does not have."""
    return hl7_sender(hospital=sender.hospital, code="old", address="127.0.0.2")
