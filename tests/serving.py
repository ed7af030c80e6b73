"""The product's own ASGI application on a real server, in a thread of the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from channels.routing import ProtocolTypeRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from config.asgi import application, pages

PATIENCE_SECONDS = 20


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def serving() -> Iterator[str]:
    """`127.0.0.1:port` of a running server that also hands out static files."""
    app = ProtocolTypeRouter(
        {
            "http": ASGIStaticFilesHandler(pages),
            "websocket": application.application_mapping["websocket"],
        }
    )
    server = _Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        if not server.listens.wait(timeout=PATIENCE_SECONDS):
            raise RuntimeError("The server does not listen.")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE_SECONDS)
