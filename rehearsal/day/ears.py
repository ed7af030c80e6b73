"""Websockets that listen: phones, walls and counters hear events by number."""

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from rehearsal.day.diary import Diaries

OPEN_SECONDS = 20
PARTS = ("ticket", "room", "status", "report", "prescription")  # of an event's data: ids and codes


@dataclass
class Ears:
    """One thread in which every socket is listened to."""

    url: str
    origin: str  # of the page that opens the socket
    diaries: Diaries
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    is_over: bool = False
    sockets: list[Any] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def follow(
        self,
        who: str,
        streams: Sequence[str],
        *,
        ticket: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Open a socket and wait until it is welcome."""
        first: dict[str, Any] = {"streams": dict.fromkeys(streams, 0)}
        if ticket:
            first["ticket"] = ticket
        welcome = asyncio.run_coroutine_threadsafe(
            self._open(who, first, dict(headers or {})), self.loop
        )
        welcome.result(OPEN_SECONDS)

    async def _open(self, who: str, first: dict[str, Any], headers: dict[str, str]) -> None:  # noqa: PLR0917
        socket = await connect(
            self.url,
            additional_headers=headers,
            origin=self.origin,  # type: ignore[arg-type]  # a plain string is one
            proxy=None,
            close_timeout=3,
            open_timeout=OPEN_SECONDS,
        )
        self.sockets.append(socket)
        await socket.send(json.dumps(first))
        welcomed = asyncio.Event()
        self.tasks.append(self.loop.create_task(self._listen(who, socket, welcomed=welcomed)))
        await asyncio.wait_for(welcomed.wait(), OPEN_SECONDS)

    async def _listen(self, who: str, socket: Any, *, welcomed: asyncio.Event) -> None:
        try:
            async for text in socket:
                frame = json.loads(text)
                if "beat" in frame:
                    welcomed.set()
                    continue
                self._hear(who, frame)
        except WebSocketException as trouble:
            if not self.is_over:
                self.diaries.note_surprise(f"websocket of {who}: {type(trouble).__name__}")
        if not self.is_over and not welcomed.is_set():
            self.diaries.note_surprise(f"websocket of {who}: closed at once")

    def _hear(self, who: str, frame: dict[str, Any]) -> None:
        facts = {name: frame["data"][name] for name in PARTS if name in frame["data"]}
        self.diaries.note(
            who,
            "heard live",
            stream=frame["stream"],
            event=frame["number"],
            kind=frame["kind"],
            **facts,
        )

    def stop(self) -> None:
        """Listen no more."""
        self.is_over = True
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(OPEN_SECONDS)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=5)
        self.loop.close()

    async def _hang_up(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self.sockets))
        await asyncio.gather(*self.tasks)
