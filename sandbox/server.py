"""The one server: every outside party at one address."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.card_holders import ROUTES as CARD_ROUTES
from sandbox.checks import ROUTES as CHECK_ROUTES
from sandbox.clock import Clock
from sandbox.control.routes import ROUTES as CONTROL_ROUTES
from sandbox.pay.delivery import Postman
from sandbox.pay.routes import ROUTES as PAY_ROUTES
from sandbox.phone.routes import ROUTES as PHONE_ROUTES
from sandbox.sms.edge import PATH as SMS_PATH
from sandbox.sms.edge import take_message
from sandbox.wechat.routes import ROUTES as WECHAT_ROUTES
from sandbox.world import World

STATIC = Path(__file__).with_name("phone") / "static"


async def healthz(_: Request) -> Response:
    """GET /healthz: the server answers."""
    return JSONResponse({"status": "ok"})


async def front_door(_: Request) -> Response:
    """GET /: people come for the phone."""
    return RedirectResponse("/phone/")


def build_app(*, home: Path, product: str, clock: Clock) -> Starlette:
    """The application; it opens its world in `home` when it starts."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        world = World.open(home=home, product=product, clock=clock)
        app.state.world = world
        postman = asyncio.create_task(Postman(world).work())
        try:
            yield
        finally:
            postman.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await postman
            world.store.close()

    return Starlette(
        routes=[
            Route("/", front_door),
            Route("/healthz", healthz),
            *WECHAT_ROUTES,
            Route(SMS_PATH, take_message, methods=["POST"]),
            *PAY_ROUTES,
            *CHECK_ROUTES,
            *CARD_ROUTES,
            *CONTROL_ROUTES,
            *PHONE_ROUTES,
            Mount("/phone/static", StaticFiles(directory=STATIC)),
        ],
        lifespan=lifespan,
    )


def listen(port: int) -> socket.socket:
    """A socket that already accepts connections on loopback; port 0 picks a free one."""
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    listener.settimeout(0)
    return listener


def make_server(app: Starlette) -> uvicorn.Server:
    """A server without an access log: addresses hold codes and tokens."""
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", lifespan="on", timeout_graceful_shutdown=3
    )
    return uvicorn.Server(config)
