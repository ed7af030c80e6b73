"""Frames over a real socket."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.mllp import BrokenFrame, Frames, Limits, Server, Taken, framed, send_mllp
from tests.interop import reading
from tests.interop.listening import listening

BODIES = st.binary(min_size=1, max_size=60).map(
    lambda body: body.replace(b"\x0b", b".").replace(b"\x1c", b".")
)
SHORT = Limits(frame_bytes=1000, idle_seconds=0.2, frame_seconds=0.2, connections=1)


@dataclass
class Clerk:
    """Takes frames, and remembers them with what was done after the answer."""

    taken: list[bytes] = field(default_factory=list)
    after: list[bytes] = field(default_factory=list)
    answered: threading.Event = field(default_factory=threading.Event)

    def take(self, sender: str, body: bytes) -> Taken:
        """Answer with the sender's name and the body."""
        self.taken.append(body)
        return Taken(answer=f"{sender}:".encode() + body, afterwards=self._afterwards(body))

    def _afterwards(self, body: bytes) -> Callable[[], None]:
        def work() -> None:
            self.after.append(body)
            self.answered.set()

        return work


def server(clerk: Clerk, *, limits: Limits | None = None, peers: str = "127.0.0.1") -> Server[str]:
    """A listener that knows one peer, the laboratory."""
    return Server(
        known=lambda address: "lis" if address == peers else None,
        take=clerk.take,
        limits=limits or Limits(),
    )


def rest_of(connection: socket.socket) -> bytes:
    """What the other side still says before it closes."""
    said = b""
    try:
        while data := connection.recv(1000):
            said += data
    except ConnectionResetError:
        pass
    return said


@given(st.lists(BODIES, min_size=1, max_size=4), st.data())
def test_frames_are_the_same_wherever_the_stream_is_cut(
    bodies: list[bytes], data: st.DataObject
) -> None:
    stream = b"\r\n".join(framed(body) for body in bodies)
    cut = data.draw(st.integers(0, len(stream)))
    frames = Frames()

    found = [*frames.feed(stream[:cut]), *frames.feed(stream[cut:])]

    assert found == bodies
    assert not frames.is_inside


@given(st.lists(BODIES, min_size=1, max_size=3))
def test_frames_are_the_same_byte_by_byte(bodies: list[bytes]) -> None:
    frames = Frames()
    stream = b"".join(framed(body) for body in bodies)

    assert [one for n in range(len(stream)) for one in frames.feed(stream[n : n + 1])] == bodies


@pytest.mark.parametrize(
    "stream",
    [b"MSH|", framed(b"MSH|")[1:], framed(b"a\x0bb"), framed(b"a\x1cb"), b"\x0b" + b"a" * 1001],
)
def test_what_cannot_be_a_frame_is_refused(stream: bytes) -> None:
    with pytest.raises(BrokenFrame):
        list(Frames(max_bytes=1000).feed(stream))


def test_a_whole_frame_before_a_broken_one_is_still_had() -> None:
    frames = Frames().feed(framed(b"good") + b"bad")

    assert next(frames) == b"good"
    with pytest.raises(BrokenFrame):
        next(frames)


def test_the_largest_frame_is_taken_and_a_byte_more_is_not() -> None:
    assert list(Frames(max_bytes=10).feed(framed(b"a" * 10))) == [b"a" * 10]
    with pytest.raises(BrokenFrame):
        list(Frames(max_bytes=10).feed(framed(b"a" * 11)))


def test_a_message_is_taken_answered_and_then_worked_on() -> None:
    clerk = Clerk()
    body = reading.body("orm_new")

    with listening(server(clerk)) as address:
        assert send_mllp(address, body) == b"lis:" + body
        assert clerk.answered.wait(5)

    assert clerk.taken == [body]
    assert clerk.after == [body]


def test_one_connection_carries_many_messages_in_order() -> None:
    clerk = Clerk()

    with listening(server(clerk)) as address, socket.create_connection(address) as line:
        line.sendall(framed(b"one") + b"\r\n" + framed(b"two") + framed(b"three")[:4])
        line.sendall(framed(b"three")[4:])
        line.shutdown(socket.SHUT_WR)
        told = rest_of(line)

    assert told == framed(b"lis:one") + framed(b"lis:two") + framed(b"lis:three")
    assert clerk.taken == [b"one", b"two", b"three"]


def test_an_unknown_peer_is_let_go_without_a_word() -> None:
    clerk = Clerk()

    with (
        listening(server(clerk, peers="192.0.2.1")) as address,
        socket.create_connection(address) as line,
    ):
        assert rest_of(line) == b""

    assert clerk.taken == []


def test_a_frame_that_is_too_large_ends_the_conversation() -> None:
    clerk = Clerk()

    with (
        listening(server(clerk, limits=SHORT)) as address,
        socket.create_connection(address) as line,
    ):
        line.sendall(b"\x0b" + b"a" * 1001)
        assert rest_of(line) == b""

    assert clerk.taken == []


@pytest.mark.parametrize("begun", [b"", b"\x0bMSH|"])
def test_who_says_nothing_or_never_ends_is_let_go(begun: bytes) -> None:
    clerk = Clerk()

    with (
        listening(server(clerk, limits=SHORT)) as address,
        socket.create_connection(address) as line,
    ):
        line.settimeout(5)
        line.sendall(begun)
        assert rest_of(line) == b""

    assert clerk.taken == []


def test_no_more_connections_than_allowed_are_kept() -> None:
    clerk = Clerk()
    one = Limits(connections=1)

    with listening(server(clerk, limits=one)) as address, socket.create_connection(address) as line:
        line.sendall(framed(b"first"))
        assert line.recv(1000) == framed(b"lis:first")
        assert send_mllp(address, b"second") is None

    assert clerk.taken == [b"first"]
