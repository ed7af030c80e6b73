"""One subscription a process and a local set of sockets with one ready frame (hot-path 5).

Each web process has one hub. It is woken by the channel layer, or looks at the stream rows every
`LIVE_POLL_SECONDS` where there is no Redis; either way it also looks every `AGAIN_SECONDS`, since
a wake-up may be lost. Nothing else may: readers ask by `since`.
"""

import asyncio
import contextlib
import json
import logging
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db.models import Q

from common import clock
from common.live import (
    GROUP,
    MOST_AT_ONCE,
    Event,
    StreamName,
    events_since,
    has_shared_layer,
    may_follow,
)
from common.models import Stream

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0
MOST_WAITING_FRAMES = 200  # a reader that is further behind is dropped, and asks again by since
RIGHTS_SECONDS = 1.0  # how long one answer to "may this account follow?" is taken for true
NOT_ALLOWED, BEHIND = 4404, 4409  # close codes: the right is gone; ask again by since


@dataclass(eq=False)
class Follower:
    """One open socket: who reads, what it reads, and the frames it has not read yet."""

    account_id: UUID
    positions: dict[StreamName, int]
    frames: asyncio.Queue[str | int] = field(  # the next frame, or the code to close with
        default_factory=lambda: asyncio.Queue(MOST_WAITING_FRAMES)
    )

    def give(self, stream: StreamName, event: Event, frame: str) -> bool:  # noqa: PLR0917 - the hub's inner loop
        """Put the next frame in line; False where the reader is too slow or has missed one."""
        position = self.positions.get(stream)
        if position is None or event.number <= position:
            return True
        if event.number != position + 1 or self.frames.full():
            return False
        self.positions[stream] = event.number
        self.frames.put_nowait(frame)
        return True

    def end(self, code: int) -> None:
        """Let the socket close with this code. What still waits is dropped, all of it: the reader
        has no gap and asks again from there.
        """
        while not self.frames.empty():
            self.frames.get_nowait()
        self.frames.put_nowait(code)


def frame_of(stream: StreamName, event: Event) -> str:
    """What a reader gets for one event."""
    return json.dumps(
        {
            "stream": f"{stream.kind}:{stream.subject_id}",
            "number": event.number,
            "kind": event.kind,
            "data": event.data,
            "made_at": event.made_at,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def is_allowed(account_id: UUID, stream: StreamName) -> bool:
    """Whether an account may follow a stream now. A kind nobody answers for is closed."""
    return stream.kind in may_follow and may_follow.ask(stream.kind)(account_id, stream)


class Hub:
    """Fans the events of all followed streams out to this process's sockets."""

    def __init__(self) -> None:
        self._joining: list[Follower] = []
        self._followers: dict[StreamName, set[Follower]] = {}
        self._sent: dict[StreamName, int] = {}
        self._rights: dict[tuple[UUID, StreamName], tuple[float, bool]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    def follow(self, follower: Follower) -> None:
        """Add a reader; the first one starts the hub.

        They join before the next look and never in the middle of one: a look that had begun
        would start behind them.
        """
        self._joining.append(follower)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._listen())]
        self._news.set()

    def leave(self, follower: Follower) -> None:
        """Forget a reader."""
        if follower in self._joining:
            self._joining.remove(follower)
        for stream in follower.positions:
            readers = self._followers.get(stream, set())
            readers.discard(follower)
            if not readers:
                self._followers.pop(stream, None)
                self._sent.pop(stream, None)

    async def _listen(self) -> None:
        """Wait for the other processes' word; without a shared layer the poll does this work."""
        if not has_shared_layer():
            return
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self._news.set()
            except Exception:  # Redis has errors of its own; its restart must not end this for good
                logger.exception("live layer lost")
                await asyncio.sleep(1)

    async def _run(self) -> None:
        wait = AGAIN_SECONDS if has_shared_layer() else settings.LIVE_POLL_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), timeout=wait)
            self._news.clear()
            try:
                await self._look()
            except Exception:  # a database restart must not end the hub for good
                logger.exception("live hub could not look")
                await asyncio.sleep(1)

    async def _look(self) -> None:
        """Read what is new in the followed streams and give it out."""
        self._let_in()
        if not self._followers:
            return
        fresh = await database_sync_to_async(news_of)(dict(self._sent))
        for stream, events in fresh.items():
            await self._refresh_rights(stream)
            for event in events:
                self._give_out(stream, event)
            if stream in self._sent:
                self._sent[stream] = events[-1].number
            if len(events) == MOST_AT_ONCE:
                self._news.set()  # there is more

    def _let_in(self) -> None:
        """Who came since the last look takes part in this one, from where they are."""
        joining, self._joining = self._joining, []
        for follower in joining:
            for stream, position in follower.positions.items():
                self._followers.setdefault(stream, set()).add(follower)
                self._sent[stream] = min(self._sent.get(stream, position), position)

    def _give_out(self, stream: StreamName, event: Event) -> None:
        frame = frame_of(stream, event)
        for reader in list(self._followers.get(stream, ())):
            may = self._rights.get((reader.account_id, stream), (0.0, False))[1]
            if not may or not reader.give(stream, event, frame):
                self.leave(reader)
                reader.end(BEHIND if may else NOT_ALLOWED)

    async def _refresh_rights(self, stream: StreamName) -> None:
        """Ask again who may still follow, so that a right taken away ends an open socket."""
        now = clock.monotonic()
        readers = {reader.account_id for reader in self._followers.get(stream, ())}
        stale = [
            account_id
            for account_id in readers
            if now - self._rights.get((account_id, stream), (0.0, False))[0] > RIGHTS_SECONDS
        ]
        if stale:
            answers = await database_sync_to_async(_ask_all)(stale, stream)
            for account_id, may in answers.items():
                self._rights[account_id, stream] = (now, may)
        if len(self._rights) > 10_000:
            self._rights = {k: v for k, v in self._rights.items() if now - v[0] < 60}


def _ask_all(accounts: Iterable[UUID], stream: StreamName) -> dict[UUID, bool]:
    return {account_id: is_allowed(account_id, stream) for account_id in accounts}


def news_of(known: dict[StreamName, int]) -> dict[StreamName, list[Event]]:
    """The events of each stream after the number given out; streams without news are absent."""
    if not known:
        return {}
    asked = Q()
    for name in known:
        asked |= Q(hospital_id=name.hospital_id, kind=name.kind, subject_id=name.subject_id)
    rows = Stream.objects.filter(asked).values_list(
        "hospital_id", "kind", "subject_id", "last_number"
    )
    ahead = {StreamName(*row[:3]): row[3] for row in rows}
    return {
        name: events_since(name, known[name]) for name, last in ahead.items() if last > known[name]
    }


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
