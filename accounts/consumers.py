"""Live events over a websocket: `/ws/v1/{hospital code}/`.

Staff come with their session and our own Origin; phones and walls with a single-use ticket in the
first frame, never in the address. Then events by number, a heartbeat, and slow readers dropped.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from channels.db import database_sync_to_async

from accounts.actions.ticket import use_ticket
from accounts.authentication import account_of_session
from accounts.errors import TicketUnknown
from accounts.models import Account, OneTimeTicket
from common.errors import DomainError
from common.hub import BEHIND, NOT_ALLOWED, STRANGER, Follower, frame_of, hub
from common.live import (
    Event,
    Rights,
    StreamName,
    events_since,
    is_for,
    last_number,
    rights_of,
)
from hospitals.views import hospital_of

BEAT_SECONDS = 10
FIRST_FRAME_SECONDS = 10
LARGEST_FRAME = 4096
MOST_STREAMS = 8
BACKLOG = 500  # events sent at once; who is further behind starts from a fresh page

UNREADABLE = 4400
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Gone(Exception):
    """The reader has left."""


class Closed(Exception):
    """The socket ends with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


async def live_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI's signature
    """Serve one websocket from its handshake to its end."""
    await receive()
    await send({"type": "websocket.accept"})
    follower = None
    try:
        first = await asyncio.wait_for(_first_frame(receive), timeout=FIRST_FRAME_SECONDS)
        follower = await _welcome(scope, first=first, send=send)
        await _serve(follower, receive=receive, send=send)
    except (Gone, OSError):
        pass  # nobody is there to be told; a send into a lost connection is an OSError
    except TimeoutError:
        await _close(send, UNREADABLE)
    except Closed as end:
        await _close(send, end.code)
    finally:
        if follower is not None:
            hub().leave(follower)


async def _close(send: Send, code: int) -> None:
    with contextlib.suppress(OSError):
        await send({"type": "websocket.close", "code": code})


async def _first_frame(receive: Receive) -> dict[str, Any]:
    """The ticket, if any, and the wanted streams. Raises Closed, Gone."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise Gone
    text = message.get("text") or ""
    if len(text) > LARGEST_FRAME:
        raise Closed(UNREADABLE)
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as trouble:
        raise Closed(UNREADABLE) from trouble
    if not isinstance(frame, dict) or not isinstance(frame.get("streams"), dict):
        raise Closed(UNREADABLE)
    return frame


async def _welcome(scope: dict[str, Any], *, first: dict[str, Any], send: Send) -> Follower:
    """Know the reader, check every stream, send what was missed. Raises Closed."""
    account_id, login_id = await database_sync_to_async(_reader)(scope, first.get("ticket"))
    code = scope["url_route"]["kwargs"]["code"]
    wanted = await database_sync_to_async(_allowed)(account_id, code=code, asked=first["streams"])
    follower = Follower(account_id, wanted, login_id=login_id)
    for stream, since in list(wanted.items()):
        missed, rights = await database_sync_to_async(_missed)(account_id, stream, since=since)
        told = since
        for event in missed:
            wanted[stream] = event.number
            if is_for(event, rights):
                after = None if told == event.number - 1 else told
                frame = frame_of(stream, event, after=after)
                await send({"type": "websocket.send", "text": frame})
                told = event.number
        follower.told[stream] = told
    await send({"type": "websocket.send", "text": json.dumps({"beat": 0})})
    hub().follow(follower)
    return follower


def _missed(account_id: UUID, stream: StreamName, *, since: int) -> tuple[list[Event], Rights]:
    """What has happened since, and what of it the reader may hear. Raises Closed where a fresh
    page is needed: it is too far behind, or ahead of us (an older copy was put back).
    """
    missed = events_since(stream, since, most=BACKLOG + 1)
    if len(missed) > BACKLOG or (not missed and since > last_number(stream)):
        raise Closed(BEHIND)
    return missed, rights_of(account_id, stream)


def _reader(scope: dict[str, Any], ticket: object) -> tuple[UUID, UUID | None]:
    """Whose socket it is and by which login, which ends it: by ticket, else by the browser's
    session. Raises Closed.
    """
    if isinstance(ticket, str):
        try:
            spent = use_ticket(ticket=ticket, use=OneTimeTicket.Use.SOCKET)
        except TicketUnknown as trouble:
            raise Closed(STRANGER) from trouble
        return spent.account_id, spent.login_id
    session = scope["session"]
    account = account_of_session(session)
    if not isinstance(account, Account) or not _is_own_origin(scope):
        raise Closed(STRANGER)
    return account.pk, session.row.login_id


def _is_own_origin(scope: dict[str, Any]) -> bool:
    """Whether a page of ours opened the socket: a session alone proves only whose browser it is."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    origin = urlsplit(headers.get(b"origin", ""))
    return bool(origin.netloc) and origin.netloc == headers.get(b"host", "")


def _allowed(account_id: UUID, *, code: str, asked: dict[str, Any]) -> dict[StreamName, int]:
    """The streams with the number the reader has. Raises Closed where one is not for them."""
    if not 0 < len(asked) <= MOST_STREAMS:
        raise Closed(UNREADABLE)
    try:
        hospital_id = hospital_of(code).pk
    except DomainError as trouble:
        raise Closed(NOT_ALLOWED) from trouble
    streams = {}
    for name, since in asked.items():
        kind, _, subject = name.partition(":")
        try:
            stream = StreamName(hospital_id, kind, UUID(subject))
        except ValueError as trouble:
            raise Closed(UNREADABLE) from trouble
        if not isinstance(since, int) or isinstance(since, bool) or since < 0:
            raise Closed(UNREADABLE)
        if not rights_of(account_id, stream):
            raise Closed(NOT_ALLOWED)
        streams[stream] = since
    return streams


async def _serve(follower: Follower, *, receive: Receive, send: Send) -> None:
    """Send frames and beats until either side ends."""
    leaving = asyncio.create_task(_until_gone(receive))
    beat = 0
    try:
        while not leaving.done():
            waiting = asyncio.create_task(follower.frames.get())
            done, _ = await asyncio.wait(
                {waiting, leaving}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if waiting in done:
                frame = waiting.result()
                if isinstance(frame, int):
                    raise Closed(frame)
                await send({"type": "websocket.send", "text": frame})
                continue
            waiting.cancel()  # a frame that is on its way stays in the queue
            if leaving not in done:
                beat += 1
                await send({"type": "websocket.send", "text": json.dumps({"beat": beat})})
    finally:
        leaving.cancel()


async def _until_gone(receive: Receive) -> None:
    """Swallow what the reader says; it has nothing to say."""
    while (await receive())["type"] != "websocket.disconnect":
        continue
