"""A sender killed at the worst moment, and two senders at once: nobody gets a message twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from common import clock
from common.locking import without_guard
from notifications.actions.deliver import deliver_messages
from notifications.actions.lease import LEASE, lease_messages
from notifications.actions.settle import settle_messages
from notifications.models import Attempt, Message, Task
from tests.conftest import ROOT
from tests.notifications.phones import Phone
from tests.sandbox.outside import PATIENCE_SECONDS

SEND = "/cgi-bin/message/subscribe/send"
TRIES = 20


def killed_between_send_and_commit(phone: Phone) -> int:
    """Start a sender, wait until the phone has one more message, kill it; its exit status.

    WeChat took the message and holds its answer back, so the sender is between the call and
    the commit.
    """
    phone.sandbox.fault("slow", path=SEND, moment="after", seconds=4.5)
    before = len(phone.shown())
    database = str(connection.settings_dict["NAME"])
    sender = subprocess.Popen(  # noqa: S603 - our own module
        [
            *(sys.executable, "-m", "tests.notifications.dying_sender"),
            *(database, phone.sandbox.url, clock.now().isoformat()),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    ends = time.monotonic() + PATIENCE_SECONDS * 3
    while len(phone.shown()) == before and time.monotonic() < ends and sender.poll() is None:
        pass
    sender.send_signal(signal.SIGKILL)
    return sender.wait(PATIENCE_SECONDS)


def test_a_sender_killed_after_its_call_never_repeats_an_at_most_once_message(
    committed_phone: Phone,
) -> None:
    phone = committed_phone
    phone.template()
    messages = [phone.promise(key=key) for key in "123"]

    assert killed_between_send_and_commit(phone) == -signal.SIGKILL
    clock.shift(LEASE)
    settle_messages()
    deliver_messages()

    assert len(phone.shown()) == 3
    states = Message.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == [Message.Status.UNKNOWN, Message.Status.SENT, Message.Status.SENT]
    assert Task.objects.get().dedupe_key.endswith(f"{messages[0].about_id}:1")


def test_a_sender_killed_after_its_call_repeats_an_at_least_once_message_once(
    committed_phone: Phone,
) -> None:
    phone = committed_phone
    phone.template(at_least_once=True)
    message = phone.promise()

    assert killed_between_send_and_commit(phone) == -signal.SIGKILL
    clock.shift(LEASE)
    settle_messages()
    deliver_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert len(phone.shown()) == 2


def at_once(*work: Callable[[], None]) -> None:
    """Do all of it at the same time, each in a thread with a connection of its own."""
    ready = threading.Barrier(len(work))
    troubles: list[BaseException] = []

    def run(one: Callable[[], None]) -> None:
        try:
            ready.wait(PATIENCE_SECONDS)
            one()
        except BaseException as trouble:  # noqa: BLE001 - shown by the test below
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS * 3)
    assert troubles == []


def leased_by_two(times: int) -> list[int]:
    """How often, in each of so many tries, one message was leased by both of two senders."""
    return [twice_leased() for _ in range(times)]


def twice_leased() -> int:
    """How many of all waiting messages were leased by both of two senders."""
    Message.objects.filter(status=Message.Status.SENDING).move_to(Message.Status.QUEUED)
    taken: list[UUID] = []

    def lease() -> None:
        taken.extend(one.pk for one in lease_messages(most=10))

    at_once(lease, lease)
    return len(taken) - len(set(taken))


@pytest.mark.pg
def test_two_senders_never_lease_the_same_message(committed_phone: Phone) -> None:
    phone = committed_phone
    phone.template()
    for number in range(10):
        phone.promise(key=str(number))

    assert leased_by_two(TRIES) == [0] * TRIES


@pytest.mark.pg
def test_without_locks_two_senders_do_lease_the_same_message(committed_phone: Phone) -> None:
    phone = committed_phone
    phone.template()
    for number in range(10):
        phone.promise(key=str(number))

    with without_guard("locks"):
        assert any(leased_by_two(TRIES))


@pytest.mark.pg
def test_two_senders_send_each_message_once(committed_phone: Phone) -> None:
    phone = committed_phone
    phone.accept(60)
    phone.template()
    for number in range(60):
        phone.promise(key=str(number))

    at_once(deliver_until_done, deliver_until_done)

    assert len(phone.shown()) == 60
    assert set(Message.objects.values_list("status", flat=True)) == {Message.Status.SENT}


@pytest.mark.pg
def test_even_without_locks_the_second_sender_may_not_call(committed_phone: Phone) -> None:
    phone = committed_phone
    phone.accept(60)
    phone.template()
    for number in range(60):
        phone.promise(key=str(number))

    with without_guard("locks"):
        at_once(deliver_until_done, deliver_until_done)

    assert len(phone.shown()) == 60
    assert Attempt.objects.values("message", "number").distinct().count() == 60


def deliver_until_done() -> None:
    """Batch after batch."""
    while deliver_messages():
        pass
