"""MLLP: HL7 messages in frames over TCP (start 0x0B, end 0x1C 0x0D).

`Server` knows neither HL7 nor the database. It is told by whom a peer address is known and what
takes a frame; a frame is answered only after its taker returned, so after it is stored.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

START = b"\x0b"
END = b"\x1c\x0d"
BETWEEN = b"\r\n"  # some senders put line ends between frames
MAX_FRAME_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024

log = logging.getLogger(__name__)
S = TypeVar("S")
R = TypeVar("R")


class BrokenFrame(Exception):
    """The bytes cannot be frames, or a frame is too large; the connection is of no more use."""


@dataclass(slots=True)
class Frames:
    """Cuts a stream of bytes into the bodies of frames, wherever the stream is split."""

    max_bytes: int = MAX_FRAME_BYTES
    _held: bytearray = field(default_factory=bytearray)
    _searched: int = 0

    @property
    def is_inside(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._held)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that `data` completes, each before what follows it is looked at.

        Raises BrokenFrame.
        """
        self._held += data
        while (body := self._next()) is not None:
            yield body

    def _next(self) -> bytes | None:
        if not self._searched:
            self._held[:] = self._held.lstrip(BETWEEN)
        if not self._held:
            return None
        if self._held[:1] != START:
            raise BrokenFrame("no start")
        end = self._held.find(END, max(self._searched, 1))
        size = (end if end >= 0 else len(self._held)) - 1
        if size > self.max_bytes:
            raise BrokenFrame("too large")
        if end < 0:
            self._searched = len(self._held) - 1  # the end may be split between two reads
            return None
        body = bytes(self._held[1:end])
        del self._held[: end + len(END)]
        self._searched = 0
        if START in body or END[:1] in body:
            raise BrokenFrame("frame in a frame")
        return body


def framed(body: bytes) -> bytes:
    """The frame of a body."""
    return START + body + END


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a frame: the answer, and what is done after the answer has left."""

    answer: bytes | None
    afterwards: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one listener allows."""

    frame_bytes: int = MAX_FRAME_BYTES
    idle_seconds: float = 600.0  # between frames; interface engines keep connections open
    frame_seconds: float = 30.0  # from the first byte of a frame to its last, and for our answer
    connections: int = 64


@dataclass
class Server(Generic[S]):
    """Listens, lets known peers in, and has each frame taken in a thread.

    `known` names the sender of a peer address or None; `take` stores a frame. Both may use the
    database; the taker closes what it opened.
    """

    known: Callable[[str], S | None]
    take: Callable[[S, bytes], Taken]
    limits: Limits = field(default_factory=Limits)
    threads: int = 4
    _conversations: set[asyncio.Task[None] | None] = field(default_factory=set)
    _idle: set[asyncio.StreamWriter] = field(default_factory=set)
    _is_stopping: bool = False

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Start to listen; port 0 takes a free one."""
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="mllp")
        self._listener = await asyncio.start_server(self._connected, host, port)
        return self._listener

    async def stop(self) -> None:
        """Listen no more; frames that arrived are still taken and answered."""
        self._is_stopping = True
        self._listener.close()
        for writer in tuple(self._idle):
            writer.close()
        if talking := [task for task in self._conversations if task is not None]:
            await asyncio.wait(talking)
        self._pool.shutdown(wait=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._conversations.add(task)
        try:
            sender = await self._let_in(writer)
            if sender is not None:
                await self._converse(sender, reader=reader, writer=writer)
        except (BrokenFrame, TimeoutError) as wrong:
            log.warning("mllp connection closed: %s", str(wrong) or "time-out")
        except ConnectionError:
            log.info("mllp peer went away")
        finally:
            self._conversations.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _let_in(self, writer: asyncio.StreamWriter) -> S | None:
        if len(self._conversations) > self.limits.connections:
            log.warning("mllp connection refused: too many")
            return None
        address = str(writer.get_extra_info("peername")[0])
        sender = await self._in_thread(lambda: self.known(address))
        if sender is None:
            log.warning("mllp connection refused: unknown peer")
        return sender

    async def _converse(
        self, sender: S, *, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One frame after the other; the next is not taken before this one is answered.

        `frame_seconds` runs from the first byte of a frame, so that dripping does not help.
        """
        clock, limits = asyncio.get_running_loop().time, self.limits
        frames = Frames(max_bytes=limits.frame_bytes)
        until, was_inside = clock() + limits.idle_seconds, False
        while data := await self._read(reader, writer=writer, until=until):
            for body in frames.feed(data):
                await self._answer(sender, body, writer=writer)
                was_inside = False
            if not frames.is_inside:
                until = clock() + limits.idle_seconds
            elif not was_inside:
                until = clock() + limits.frame_seconds
            was_inside = frames.is_inside

    async def _answer(self, sender: S, body: bytes, *, writer: asyncio.StreamWriter) -> None:
        taken = await self._in_thread(lambda: self.take(sender, body))
        if taken.answer is not None:
            writer.write(framed(taken.answer))
            async with asyncio.timeout(self.limits.frame_seconds):
                await writer.drain()
        if taken.afterwards is not None:
            await self._in_thread(taken.afterwards)

    async def _read(
        self, reader: asyncio.StreamReader, *, writer: asyncio.StreamWriter, until: float
    ) -> bytes:
        """What comes next; nothing at the end of the stream, or when we stop."""
        if self._is_stopping:
            return b""
        self._idle.add(writer)
        try:
            async with asyncio.timeout_at(until):
                return await reader.read(CHUNK_BYTES)
        finally:
            self._idle.discard(writer)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def send_mllp(address: tuple[str, int], body: bytes, *, timeout: float = 10.0) -> bytes | None:
    """Send one message and return the answer's body; None where the peer closed instead."""
    frames = Frames()
    with (
        socket.create_connection(address, timeout=timeout) as connection,
        contextlib.suppress(ConnectionResetError, BrokenPipeError),
    ):
        connection.sendall(framed(body))
        while data := connection.recv(CHUNK_BYTES):
            for answer in frames.feed(data):
                return answer
    return None
