"""A real MLLP listener on loopback, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from interop.mllp import Server

Address = tuple[str, int]
S = TypeVar("S")


@contextmanager
def listening(server: Server[S]) -> Iterator[Address]:
    """Where the server listens while the block runs."""
    loop = asyncio.new_event_loop()
    listener = loop.run_until_complete(server.serve("127.0.0.1", 0))
    host, port = listener.sockets[0].getsockname()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield (host, port)
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
