"""A hospital's listener over a real socket: stored before it is acknowledged, then applied."""

import io
import os
import signal
import threading
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from interop.listener import listener, sender_at, take
from interop.mllp import send_mllp
from interop.models import Received, Sender
from tests.interop import reading
from tests.interop.listening import listening
from tests.make.hospitals import hospital as make_hospital
from tests.make.interop import fhir_sender, hl7_sender


@pytest.mark.django_db(transaction=True)
def test_what_is_acknowledged_is_stored_and_then_applied_or_waits() -> None:
    sender = hl7_sender()

    with listening(listener(sender.hospital)) as address:
        body = reading.body("orm_new").replace(b"ORM^O01^ORM_O01", b"ZZZ^Z99")
        told = send_mllp(address, body)
        again = send_mllp(address, body)

    assert told is not None
    assert again is not None
    assert b"MSA|AA|HIS-0001\r" in told
    assert b"MSA|AA|HIS-0001\r" in again
    received = Received.objects.get()
    assert (received.status, received.reason) == (
        Received.Status.WAITING,
        "interop.kind_unsupported",
    )


@pytest.mark.django_db(transaction=True)
def test_a_peer_that_no_system_speaks_from_is_let_go() -> None:
    sender = hl7_sender(address="192.0.2.1")

    with listening(listener(sender.hospital)) as address:
        assert send_mllp(address, reading.body("orm_new")) is None

    assert not Received.objects.exists()


@pytest.mark.django_db
def test_a_system_is_known_by_its_address_in_its_hospital() -> None:
    sender = hl7_sender()

    assert sender_at("127.0.0.1", hospital=sender.hospital) == sender.pk
    assert sender_at("::ffff:127.0.0.1", hospital=sender.hospital) == sender.pk
    assert sender_at("127.0.0.1", hospital=make_hospital()) is None
    assert sender_at("127.0.0.2", hospital=sender.hospital) is None


@pytest.mark.django_db
def test_a_system_that_may_no_longer_speak_is_unknown() -> None:
    sender = hl7_sender()
    Sender.objects.filter(pk=sender.pk).update(is_active=False)
    fhir_sender(hospital=sender.hospital)

    assert sender_at("127.0.0.1", hospital=sender.hospital) is None


@pytest.mark.django_db(transaction=True)
def test_what_breaks_off_when_applied_costs_the_sender_nothing() -> None:
    sender = hl7_sender()
    taken = take(sender.pk, reading.body("orm_new"))
    Sender.objects.filter(pk=sender.pk).update(profile_name="gone")

    assert taken.afterwards is not None
    taken.afterwards()

    assert Received.objects.get().status == Received.Status.STORED


@pytest.mark.django_db
def test_where_nothing_can_be_stored_nothing_is_accepted() -> None:
    nobody = UUID(int=7)

    with pytest.raises(Sender.DoesNotExist):
        take(nobody, reading.body("orm_new"))

    assert not Received.objects.exists()


class Screen(io.StringIO):
    """Where the command says that it listens; somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.has_spoken = threading.Event()

    def flush(self) -> None:
        """What was said can be read."""
        self.has_spoken.set()


def talk_and_stop(screen: Screen, answers: list[bytes | None]) -> None:
    """Send one message to the command, then tell this process to stop it."""
    screen.has_spoken.wait(10)
    host, _, port = screen.getvalue().split()[-1].rpartition(":")
    answers.append(send_mllp((host, int(port)), reading.body("orm_new")))
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.django_db(transaction=True)
def test_the_command_takes_messages_until_it_is_told_to_stop() -> None:
    sender = hl7_sender()
    screen, answers = Screen(), list[bytes | None]()
    talker = threading.Thread(target=talk_and_stop, args=(screen, answers))
    talker.start()

    call_command("mllp", sender.hospital.code, port=0, stdout=screen)
    talker.join(10)

    assert screen.getvalue().startswith("MLLP listens on 127.0.0.1:")
    assert answers[0] is not None
    assert b"MSA|AA|HIS-0001" in answers[0]
    assert Received.objects.get().control_id == "HIS-0001"


@pytest.mark.django_db
def test_the_command_refuses_a_hospital_that_is_not_there() -> None:
    with pytest.raises(CommandError):
        call_command("mllp", "nowhere")
