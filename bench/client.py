"""A small epoll client: each connection sends its next request when the last is answered."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.server import PORT

HEAD_END = b"\r\n\r\n"
BUFFER = 262_144
GIVEN_UP_SECONDS = 30


@dataclass
class Outcome:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)  # seconds
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds if self.seconds else 0.0


class Connection:
    """One kept-alive connection with one request under way."""

    def __init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", PORT), timeout=GIVEN_UP_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        """Send the next request."""
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> int | None:
        """Read what is there; the status once the answer is whole. Raises ConnectionError."""
        part = self.socket.recv(BUFFER)
        if not part:
            raise ConnectionError("The server closed the connection.")
        self.received += part
        end = self.received.find(HEAD_END)
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        start = head.find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        is_whole = len(self.received) >= end + len(HEAD_END) + length
        return int(head[9:12]) if is_whole else None


def send_all(requests: Iterator[bytes], *, clients: int, seconds: float) -> Outcome:
    """Send requests over `clients` connections until they end or the time is over."""
    outcome = Outcome()
    selector = selectors.DefaultSelector()
    connections = [Connection() for _ in range(clients)]
    begun = time.perf_counter()
    ends = begun + seconds
    under_way = 0
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        under_way += _next(connection, requests, ends)
    while under_way:
        ready = selector.select(timeout=GIVEN_UP_SECONDS)
        if not ready:
            raise TimeoutError("The server answers no more.")
        for key, _ in ready:
            connection = key.data
            status = connection.take()
            if status is None:
                continue
            outcome.statuses[status] += 1
            outcome.times.append(time.perf_counter() - connection.sent_at)
            under_way += _next(connection, requests, ends) - 1
    outcome.seconds = time.perf_counter() - begun
    for connection in connections:
        connection.socket.close()
    return outcome


def _next(connection: Connection, requests: Iterator[bytes], ends: float) -> int:  # noqa: PLR0917 - the inner loop
    """Send one more request, if there is one and time for it. Returns how many."""
    if time.perf_counter() >= ends:
        return 0
    request = next(requests, None)
    if request is None:
        return 0
    connection.send(request)
    return 1
