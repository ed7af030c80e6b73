"""A real sandbox in a thread, and a stranger that receives what it sends."""

import json
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from sandbox.clock import Clock
from sandbox.credentials import Credentials
from sandbox.server import build_app, listen, make_server

PATIENCE_SECONDS = 10


@dataclass
class HandMovedTime:
    """Real time, moved forward by hand."""

    ahead_seconds: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_seconds


class Sandbox:
    """The server on a free port, with its controls."""

    def __init__(self, home: Path, product: str) -> None:
        self.home = home
        self.product = product
        self.real = HandMovedTime()
        self.clock_file = home / "clock.json"
        self.credentials = Credentials.read(home)
        self._listener = listen(0)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._start()

    def _start(self) -> None:
        clock = Clock(file=self.clock_file, real=self.real)
        app = build_app(home=self.home, product=self.product, clock=clock)
        self._server = make_server(app)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}
        )
        self._thread.start()

    def stop(self) -> None:
        """The server has gone; its memory stays in its home."""
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        self._listener.close()

    def restart(self) -> None:
        """Another server, at the same address, on the same memory."""
        self.stop()
        self._listener = listen(self.port)
        self._start()

    def show_time(self, ahead_seconds: float, *, speed: float = 1.0) -> None:
        """The shown clock runs so far ahead of the real one."""
        now = time.time()
        reading = {"real_epoch": now, "shown_epoch": now + ahead_seconds, "speed": speed}
        fresh = self.clock_file.with_suffix(".fresh")
        fresh.write_text(json.dumps(reading))
        fresh.replace(self.clock_file)

    def control(self, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """A control that works: POST with a body, GET without."""
        response = self.ask_control(path, body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def ask_control(self, path: str, body: Mapping[str, object] | None = None) -> requests.Response:
        """A control, whatever it answers."""
        headers = {"X-Sandbox-Secret": self.credentials.phone_secret}
        url = f"{self.url}/control/{path}"
        if body is None:
            return requests.get(url, headers=headers, timeout=PATIENCE_SECONDS)
        return requests.post(url, json=body, headers=headers, timeout=PATIENCE_SECONDS)

    def fault(self, name: str, **settings: object) -> None:
        """The outside misbehaves once, unless the settings say otherwise."""
        self.control("faults", {"name": name, **settings})

    def template(self, key: str) -> str:
        """The template's id."""
        return next(t.template_id for t in self.credentials.message_templates if t.key == key)


@dataclass(frozen=True)
class Received:
    """One request the stranger got."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What the stranger says."""

    status: int = 204
    body: dict[str, object] = field(default_factory=dict)


class Stranger:
    """An HTTP server that keeps what it is sent and answers as it was told, then 204."""

    def __init__(self) -> None:
        self.received: queue.Queue[Received] = queue.Queue()
        self.next_answers: queue.Queue[Answer] = queue.Queue()
        self.answers: dict[str, Answer] = {}
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                answer = stranger.answer_to(self.path)
                self.send_response(answer.status)
                content = b"" if answer.status == 204 else json.dumps(answer.body).encode()
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                stranger.received.put(Received(self.path, dict(self.headers.items()), body))

            def do_GET(self) -> None:
                content = b"<!doctype html><html lang='zh'><title>m</title><h1>product</h1></html>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def answer_to(self, path: str) -> Answer:
        """The answer for the path, else the next in line, else 204."""
        if path in self.answers:
            return self.answers[path]
        try:
            return self.next_answers.get_nowait()
        except queue.Empty:
            return Answer()

    def next(self) -> Received:
        """The next request, waited for."""
        return self.received.get(timeout=PATIENCE_SECONDS)

    def stop(self) -> None:
        """Nobody answers here any more."""
        self._server.shutdown()
        self._thread.join(PATIENCE_SECONDS)
        self._server.server_close()
