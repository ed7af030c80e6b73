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
    RIGHTS,
    Event,
    Rights,
    StreamName,
    events_since,
    has_shared_layer,
    is_for,
    open_logins,
    rights_of,
)
from common.models import Stream

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0
MOST_WAITING_FRAMES = 200  # a reader that is further behind is dropped, and asks again by since
RIGHTS_SECONDS = 1.0  # how long one answer to "may this account follow?" is taken for true
WATCHED_AT_ONCE = 20  # questions in one turn of the database thread, so that events never wait
LOGINS_AT_ONCE = 500  # logins in one question
LOGIN_SECONDS = 2.0  # how long a login that was ended may keep its open sockets
STRANGER, NOT_ALLOWED, BEHIND = 4401, 4404, 4409  # not signed in; no right; ask again by since


Reading = tuple[UUID, StreamName]


@dataclass(eq=False)
class Follower:
    """One open socket: who reads, what it reads, and the frames it has not read yet."""

    account_id: UUID
    positions: dict[StreamName, int]
    frames: asyncio.Queue[str | int] = field(  # the next frame, or the code to close with
        default_factory=lambda: asyncio.Queue(MOST_WAITING_FRAMES)
    )
    login_id: UUID | None = None  # by what it was opened: the socket ends with it
    told: dict[StreamName, int] = field(default_factory=dict)  # the last number that was for them

    def give(self, stream: StreamName, event: Event, frame: str) -> bool:  # noqa: PLR0917 - the hub's inner loop
        """Put the next frame in line; False where the reader is too slow or has missed one.

        An empty frame is an event that is not for this reader: passed by, and no gap.
        """
        position = self.positions.get(stream)
        if position is None or event.number <= position:
            return True
        if event.number != position + 1 or self.frames.full():
            return False
        self.positions[stream] = event.number
        if frame:
            after = self.told.get(stream, position)
            self.frames.put_nowait(
                frame if after == position else frame_of(stream, event, after=after)
            )
            self.told[stream] = event.number
        else:
            self.told.setdefault(stream, position)
        return True

    def end(self, code: int) -> None:
        """Let the socket close with this code. What still waits is dropped, all of it: the reader
        has no gap and asks again from there.
        """
        while not self.frames.empty():
            self.frames.get_nowait()
        self.frames.put_nowait(code)


def frame_of(stream: StreamName, event: Event, *, after: int | None = None) -> str:
    """What a reader gets for one event. `after` is the number before it that was for this reader,
    where events between were not; without it, the one before.
    """
    return json.dumps(
        {
            "stream": f"{stream.kind}:{stream.subject_id}",
            "number": event.number,
            **({} if after is None else {"after": after}),
            "kind": event.kind,
            "data": event.data,
            "made_at": event.made_at,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


class Hub:
    """Fans the events of all followed streams out to this process's sockets."""

    def __init__(self) -> None:
        self._joining: list[Follower] = []
        self._followers: dict[StreamName, set[Follower]] = {}
        self._sent: dict[StreamName, int] = {}
        self._rights: dict[tuple[UUID, StreamName], tuple[float, Rights]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    def follow(self, follower: Follower) -> None:
        """Add a reader; the first one starts the hub.

        They join before the next look and never in the middle of one: a look that had begun
        would start behind them.
        """
        self._joining.append(follower)
        if not self._tasks:
            works = (self._run(), self._listen(), self._watch(), self._watch_logins())
            self._tasks = [asyncio.create_task(work) for work in works]
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
            is_urgent = any(event.kind == RIGHTS for event in events)
            await self._refresh_rights(stream, older_than=0.0 if is_urgent else RIGHTS_SECONDS)
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
                self._rights.pop((follower.account_id, stream), None)  # an old no is no answer
                self._sent[stream] = min(self._sent.get(stream, position), position)

    def _give_out(self, stream: StreamName, event: Event) -> None:
        frame = frame_of(stream, event)
        for reader in list(self._followers.get(stream, ())):
            rights = self._rights.get((reader.account_id, stream), (0.0, False))[1]
            if not rights or not reader.give(stream, event, frame if is_for(event, rights) else ""):
                self._drop(reader, BEHIND if rights else NOT_ALLOWED)

    def _drop(self, reader: Follower, code: int) -> None:
        self.leave(reader)
        reader.end(code)

    async def _refresh_rights(self, stream: StreamName, *, older_than: float) -> None:
        """Ask again who may still follow, so that a right taken away ends an open socket."""
        stale = self._stale([stream], older_than=older_than)
        if stale:
            await self._ask(stale)
        now = clock.monotonic()
        if len(self._rights) > 10_000:
            self._rights = {k: v for k, v in self._rights.items() if now - v[0] < 60}

    def _stale(self, streams: Iterable[StreamName], *, older_than: float) -> list[Reading]:
        """Who reads what, where the last answer is older than so many seconds."""
        now = clock.monotonic()
        readings = {
            (reader.account_id, stream)
            for stream in streams
            for reader in self._followers.get(stream, ())
        }
        return [one for one in readings if now - self._rights.get(one, (0.0,))[0] > older_than]

    async def _ask(self, readings: list[Reading]) -> None:
        asked_at = clock.monotonic()
        answers = await database_sync_to_async(_ask_all)(readings)
        for reading, rights in answers.items():
            self._rights[reading] = (asked_at, rights)

    async def _watch(self) -> None:
        """Ask again where nothing happens too: a right that ended closes the socket."""
        while True:
            await asyncio.sleep(1)
            try:
                stale = self._stale(list(self._followers), older_than=settings.LIVE_WATCH_SECONDS)
                for start in range(0, len(stale), WATCHED_AT_ONCE):
                    await self._ask(stale[start : start + WATCHED_AT_ONCE])
                self._end_refused(stale)
            except Exception:  # a database restart must not end the watch for good
                logger.exception("live hub could not watch")

    async def _watch_logins(self) -> None:
        """Close the sockets of logins that are over, whether something happens or not."""
        while True:
            await asyncio.sleep(LOGIN_SECONDS)
            try:
                await self._end_signed_out()
            except Exception:  # a database restart must not end the watch for good
                logger.exception("live hub could not ask for logins")

    async def _end_signed_out(self) -> None:
        readers = {one for some in self._followers.values() for one in some if one.login_id}
        asked = sorted({one.login_id for one in readers if one.login_id})
        for start in range(0, len(asked), LOGINS_AT_ONCE):
            some = asked[start : start + LOGINS_AT_ONCE]
            over = set(some) - await database_sync_to_async(still_open)(some)
            for reader in readers:
                if reader.login_id in over:
                    self._drop(reader, STRANGER)

    def _end_refused(self, readings: list[Reading]) -> None:
        for account_id, stream in readings:
            if self._rights.get((account_id, stream), (0.0, False))[1]:
                continue
            for reader in list(self._followers.get(stream, ())):
                if reader.account_id == account_id:
                    self._drop(reader, NOT_ALLOWED)


def still_open(login_ids: list[UUID]) -> set[UUID]:
    """Which of these logins still are."""
    return open_logins.ask("every")(login_ids)


def _ask_all(readings: Iterable[Reading]) -> dict[Reading, Rights]:
    return {reading: rights_of(*reading) for reading in readings}


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
